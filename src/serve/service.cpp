#include "serve/service.h"

#include <vector>

#include <fmt/format.h>

#include "serve/responder.h"

namespace ddbplan::serve {

Service::Service(ServiceOptions options, std::unique_ptr<DataFolder> folder)
    : options_(std::move(options)), folder_(std::move(folder)), verifier_(options_.credentials) {}

std::optional<std::string> Service::load() {
  if (folder_ == nullptr) return std::nullopt;
  // Accounts get their journal when everything is back in them.
  const auto fresh_account = [this](const std::string& name_space) -> engine::Account& {
    return account(name_space);
  };
  is_loading_ = true;
  auto error = folder_->load(fresh_account);
  is_loading_ = false;
  for (const auto& [name_space, account] : accounts_) {
    account->set_journal(&folder_->journal(name_space));
  }
  return error;
}

engine::Account& Service::account(const std::string& name_space) {
  const std::lock_guard lock(accounts_mutex_);
  std::unique_ptr<engine::Account>& account = accounts_[name_space];
  if (account == nullptr) {
    engine::AccountOptions options;
    options.now_ms = options_.now_ms;
    const std::size_t slash = name_space.rfind('/');
    if (slash != std::string::npos) options.region = name_space.substr(slash + 1);
    account = std::make_unique<engine::Account>(std::move(options));
    if (folder_ != nullptr && !is_loading_) account->set_journal(&folder_->journal(name_space));
  }
  return *account;
}

engine::Account& Service::account_of(const Signature& signature) {
  if (!options_.namespaced) return account(std::string());
  return account(fmt::format("{}/{}", signature.access_key, signature.region));
}

std::unique_ptr<RequestHandler> Service::make_handler() {
  const auto now = static_cast<std::uint64_t>(options_.now_ms());
  return std::make_unique<Responder>(*this, now ^ (handlers_++ << 48U));
}

void Service::log(std::string_view operation, int status) {
  const std::lock_guard lock(log_mutex_);
  options_.log(operation, status);
}

void Service::log_defect(std::string_view what) {
  const std::lock_guard lock(log_mutex_);
  if (options_.log_defect) options_.log_defect(what);
}

bool Service::commit() {
  return folder_ == nullptr || folder_->commit();
}

void Service::tick() {
  std::vector<engine::Account*> accounts;
  {
    const std::lock_guard lock(accounts_mutex_);
    for (const auto& one : accounts_) accounts.push_back(one.second.get());
  }
  for (engine::Account* account : accounts) account->tick();
}

std::string Service::storage_error() const {
  return folder_ == nullptr ? std::string() : folder_->error();
}

}  // namespace ddbplan::serve
