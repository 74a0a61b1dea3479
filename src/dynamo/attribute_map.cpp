#include <algorithm>
#include <iterator>
#include <utility>

#include "dynamo/value.h"
#include "support/check.h"

namespace ddbplan::dynamo {
namespace {

/// Below this a loop over names beats halving.
constexpr std::size_t kLinearMax = 8;

}  // namespace

Map::Map() = default;
Map::Map(const Map&) = default;
Map::Map(Map&&) noexcept = default;
Map& Map::operator=(const Map&) = default;
Map& Map::operator=(Map&&) noexcept = default;
Map::~Map() = default;

Map::Map(std::initializer_list<Attribute> attributes) {
  reserve(attributes.size());
  for (const Attribute& attribute : attributes) emplace(attribute.first, attribute.second);
}

void Map::reserve(std::size_t attributes) {
  attributes_.reserve(attributes);
}

void Map::clear() {
  attributes_.clear();
}

std::size_t Map::place_of(std::string_view name) const {
  if (attributes_.size() <= kLinearMax) {
    std::size_t place = 0;
    while (place < attributes_.size() && std::string_view(attributes_[place].first) < name) ++place;
    return place;
  }
  const auto found = std::lower_bound(
      attributes_.begin(), attributes_.end(), name,
      [](const Attribute& one, std::string_view wanted) { return one.first < wanted; });
  return static_cast<std::size_t>(found - attributes_.begin());
}

Map::const_iterator Map::find(std::string_view name) const {
  if (attributes_.size() <= kLinearMax) {
    // Equality looks at lengths first, which mostly differ.
    return std::find_if(begin(), end(), [name](const Attribute& one) { return one.first == name; });
  }
  const std::size_t place = place_of(name);
  const bool found = place < attributes_.size() && attributes_[place].first == name;
  return found ? begin() + place : end();
}

Map::iterator Map::find(std::string_view name) {
  return begin() + (std::as_const(*this).find(name) - std::as_const(*this).begin());
}

bool Map::contains(std::string_view name) const {
  return find(name) != end();
}

const AttributeValue& Map::at(std::string_view name) const {
  const auto* found = find(name);
  DDBPLAN_CHECK(found != end());
  return found->second;
}

AttributeValue& Map::at(std::string_view name) {
  return const_cast<AttributeValue&>(std::as_const(*this).at(name));
}

Map::iterator Map::try_emplace(const_iterator hint, std::string name) {
  const bool at_end = hint == end() && (empty() || attributes_.back().first < name);
  const std::size_t place = at_end ? size() : place_of(name);
  if (place == size() || attributes_[place].first != name) {
    attributes_.insert(attributes_.begin() + static_cast<std::ptrdiff_t>(place),
                       Attribute{std::move(name), AttributeValue()});
  }
  return begin() + place;
}

AttributeValue& Map::operator[](std::string name) {
  return try_emplace(end(), std::move(name))->second;
}

std::pair<Map::iterator, bool> Map::insert(Attribute attribute) {
  const bool at_end = empty() || attributes_.back().first < attribute.first;
  const std::size_t place = at_end ? size() : place_of(attribute.first);
  const bool is_new = place == size() || attributes_[place].first != attribute.first;
  if (is_new) {
    attributes_.insert(attributes_.begin() + static_cast<std::ptrdiff_t>(place),
                       std::move(attribute));
  }
  return {begin() + place, is_new};
}

std::pair<Map::iterator, bool> Map::emplace(std::string name, AttributeValue value) {
  return insert(Attribute{std::move(name), std::move(value)});
}

std::pair<Map::iterator, bool> Map::try_emplace(std::string name, AttributeValue value) {
  return insert(Attribute{std::move(name), std::move(value)});
}

Map::iterator Map::emplace_hint(const_iterator, std::string name, AttributeValue value) {
  // insert looks at the end first, which is the hint that is given.
  return insert(Attribute{std::move(name), std::move(value)}).first;
}

void Map::insert(const_iterator first, const_iterator last) {
  for (; first != last; ++first) insert(*first);
}

std::pair<Map::iterator, bool> Map::insert_or_assign(std::string name, AttributeValue value) {
  const std::size_t before = size();
  auto* at = try_emplace(end(), std::move(name));
  at->second = std::move(value);
  return {at, size() > before};
}

Map::iterator Map::erase(const_iterator at) {
  const auto place = at - std::as_const(*this).begin();
  attributes_.erase(attributes_.begin() + place);
  return begin() + place;
}

std::size_t Map::erase(std::string_view name) {
  const const_iterator found = std::as_const(*this).find(name);
  if (found == end()) return 0;
  erase(found);
  return 1;
}

bool Map::operator==(const Map& other) const {
  return attributes_ == other.attributes_;
}

}  // namespace ddbplan::dynamo
