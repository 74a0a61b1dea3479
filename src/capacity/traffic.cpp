#include "capacity/traffic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "support/check.h"

namespace ddbplan::capacity {
namespace {

/// Ranks whose weights are summed one by one; beyond, the sum is Euler's and Maclaurin's.
constexpr double kRanksSummed = 64;

/// The sum of (i + shift)^-exponent over i = 1 ... ranks.
double zipf_sum(double ranks, double exponent, double shift) {
  const double head = std::min(ranks, kRanksSummed);
  double sum = 0;
  for (double i = 1; i <= head; ++i) sum += std::pow(i + shift, -exponent);
  if (ranks <= head) return sum;
  const double low = head + 1 + shift;
  const double high = ranks + shift;
  const double integral =
      std::abs(exponent - 1) < 1e-9
          ? std::log(high / low)
          : (std::pow(high, 1 - exponent) - std::pow(low, 1 - exponent)) / (1 - exponent);
  const double ends = (std::pow(low, -exponent) + std::pow(high, -exponent)) / 2;
  const double slopes =
      exponent * (std::pow(low, -exponent - 1) - std::pow(high, -exponent - 1)) / 12;
  return sum + integral + ends + slopes;
}

/// The shift at which the first rank's share of all is at most `share_max`.
double solve_shift(double ranks, double exponent, double share_max) {
  const auto first = [&](double shift) {
    return std::pow(1 + shift, -exponent) / zipf_sum(ranks, exponent, shift);
  };
  if (first(0) <= share_max) return 0;
  double low = 0;
  double high = 1;
  // With a large shift all ranks are alike: 1 / ranks is the least that the first can have.
  while (first(high) > share_max && high < 1e15) high *= 2;
  for (int i = 0; i < 100; ++i) {
    const double middle = low + (high - low) / 2;
    (first(middle) > share_max ? low : high) = middle;
  }
  return high;
}

struct Fit {
  double shift = 0;
  double norm = 0;
};

/// The same few relations are asked about all through a search, and each takes thousands of powers.
Fit fit_zipf(double ranks, double exponent, double share_max) {
  using Question = std::array<double, 3>;
  constexpr std::size_t kAnswersMax = 256;
  thread_local std::map<Question, Fit> answers;
  if (answers.size() >= kAnswersMax) answers.clear();
  const auto [place, is_new] = answers.try_emplace({ranks, exponent, share_max});
  if (is_new) {
    const double shift = solve_shift(ranks, exponent, share_max);
    place->second = {shift, zipf_sum(ranks, exponent, shift)};
  }
  return place->second;
}

}  // namespace

double size_quantile(const model::Spread& spread, double u) {
  if (spread.max <= spread.mean || spread.mean <= 0) return spread.mean;
  const double above = spread.mean / spread.max;  // probability of the upper segment
  const double below = 1 - above;
  if (u < below) return spread.mean * u / below;
  return spread.mean + (spread.max - spread.mean) * (u - below) / above;
}

double distinct_values(const model::Attribute& attribute, double rows) {
  double values = 10;
  if (attribute.distinct_all) {
    values = rows;
  } else if (!attribute.values.empty()) {
    values = static_cast<double>(attribute.values.size());
  } else if (attribute.distinct) {
    values = *attribute.distinct;
  } else if (attribute.days) {
    values = *attribute.days;
  } else if (attribute.type == model::ValueType::boolean) {
    values = 2;
  } else if (model::is_id(attribute.type)) {
    values = rows / 10;
  }
  return std::max(1.0, std::min(values, rows));
}

ParentShares::ParentShares(const model::Relation& relation, double parents)
    : named_(relation.named_shares) {
  double named_share = 0;
  for (const auto& [name, share] : named_) {
    named_share += share;
    hottest_ = std::max(hottest_, share);
  }
  unnamed_ = std::max(0.0, std::round(parents) - static_cast<double>(named_.size()));
  unnamed_share_ = unnamed_ > 0 ? std::max(0.0, 1 - named_share) : 0;
  const double all = relation.children.mean * parents;
  if (unnamed_ <= 0 || all <= 0) return;
  const double max_share = std::min(1.0, relation.children.max / all);
  if (!relation.zipf || *relation.zipf <= 0) {
    // The declared maximum is somebody's: of a named parent if it has as much, else of another.
    if (hottest_ < max_share) hottest_ = std::min(max_share, unnamed_share_);
    return;
  }
  exponent_ = *relation.zipf;
  const double share_max = unnamed_share_ > 0 ? max_share / unnamed_share_ : 1;
  const Fit fit = fit_zipf(unnamed_, exponent_, share_max);
  shift_ = fit.shift;
  norm_ = fit.norm;
  hottest_ = std::max(hottest_, of_rank(1));
}

double ParentShares::of_rank(double rank) const {
  DDBPLAN_CHECK(rank >= 1);
  if (exponent_ <= 0) return unnamed_ > 0 ? unnamed_share_ / unnamed_ : 0;
  return unnamed_share_ * std::pow(rank + shift_, -exponent_) / norm_;
}

}  // namespace ddbplan::capacity
