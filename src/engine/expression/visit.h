// The parts of a tree in the order they are written, for the passes that only look.
#pragma once

#include <utility>

#include "engine/expression/ast.h"

namespace ddbplan::engine {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

/// Calls `on_path` for every document path below an operand or condition.
template <class F>
void for_each_path(const Operand& operand, const F& on_path);

template <class F>
void for_each_path(const FunctionCall& call, const F& on_path) {
  for (const Operand& argument : call.arguments) for_each_path(argument, on_path);
}

template <class F>
void for_each_path(const Operand& operand, const F& on_path) {
  if (const Path* path = std::get_if<Path>(&operand.node)) {
    on_path(*path);
  } else if (const auto* call = std::get_if<std::unique_ptr<FunctionCall>>(&operand.node)) {
    for_each_path(**call, on_path);
  }
}

template <class F>
void for_each_path(const Condition& condition, const F& on_path) {
  const auto all = [&on_path](const std::vector<Condition>& terms) {
    for (const Condition& term : terms) for_each_path(term, on_path);
  };
  std::visit(Overloaded{
                 [&](const Comparison& node) {
                   for_each_path(node.left, on_path);
                   for_each_path(node.right, on_path);
                 },
                 [&](const Between& node) {
                   for (const Operand* part : {&node.value, &node.low, &node.high}) {
                     for_each_path(*part, on_path);
                   }
                 },
                 [&](const In& node) {
                   for_each_path(node.value, on_path);
                   for (const Operand& part : node.candidates) for_each_path(part, on_path);
                 },
                 [&](const FunctionCall& node) { for_each_path(node, on_path); },
                 [&](const And& node) { all(node.terms); },
                 [&](const Or& node) { all(node.terms); },
                 [&](const Not& node) { for_each_path(*node.term, on_path); },
             },
             condition.node);
}

}  // namespace ddbplan::engine
