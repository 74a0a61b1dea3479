#include "serve/connection.h"

#include <sys/socket.h>

#include <cerrno>
#include <string_view>

#include "serve/server.h"

namespace ddbplan::serve {
namespace {

constexpr std::size_t kReadBytes = std::size_t{16} * 1024;
/// An answer of this size is no reason to keep its memory.
constexpr std::size_t kKeptOutput = std::size_t{256} * 1024;
/// Answers become large above the one and small again below the other, so that a client who asks for
/// both is not taken now for this and now for that.
constexpr std::size_t kLargeAnswer = std::size_t{4} * 1024;
constexpr std::size_t kSmallAnswer = std::size_t{1} * 1024;

}  // namespace

bool Connection::receive(RequestHandler& handler) {
  while (wants_input()) {
    char* room = reader_.reserve(kReadBytes);
    const ssize_t count = recv(socket_.get(), room, kReadBytes, 0);
    if (count == 0) {
      // A client may end its side and still wait for answers.
      closing_ = true;
      return has_output();
    }
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    reader_.received(static_cast<std::size_t>(count));
    handle_requests(handler);
    // Less than asked for: the socket is most likely empty, and epoll knows if not.
    if (static_cast<std::size_t>(count) < kReadBytes) return true;
  }
  return true;
}

void Connection::handle_requests(RequestHandler& handler) {
  while (!closing_) {
    const HttpState state = reader_.advance();
    if (state == HttpState::incomplete) {
      if (reader_.take_expectation()) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
      return;
    }
    if (state != HttpState::complete) return refuse(state);
    handler.handle(reader_.message(), out_);
    if (!reader_.message().keep_alive) closing_ = true;
  }
}

void Connection::refuse(HttpState state) {
  std::string_view status = "400 Bad Request";
  if (state == HttpState::header_too_large) status = "431 Request Header Fields Too Large";
  if (state == HttpState::body_too_large) status = "413 Content Too Large";
  out_ += "HTTP/1.1 ";
  out_ += status;
  out_ += "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  closing_ = true;
}

void Connection::note_answer(std::size_t bytes) {
  usual_bytes_ += bytes / 4 - usual_bytes_ / 4;
  if (usual_bytes_ > kLargeAnswer) answers_are_large_ = true;
  if (usual_bytes_ < kSmallAnswer) answers_are_large_ = false;
}

bool Connection::send() {
  while (has_output()) {
    const ssize_t count =
        ::send(socket_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    sent_ += static_cast<std::size_t>(count);
  }
  if (!out_.empty()) note_answer(out_.size());
  sent_ = 0;
  if (out_.capacity() > kKeptOutput) {
    out_ = std::string();
  } else {
    out_.clear();
  }
  return true;
}

}  // namespace ddbplan::serve
