#include "plan/beside_row.h"

#include "design/copy_literal.h"

namespace ddbplan::plan {

namespace {

constexpr const char* kFacetLiteral = "FACET#";

template <class Part>
void put_before(std::vector<Part>& key, const std::string& text) {
  if (auto* literal = std::get_if<design::Literal>(&key.front())) {
    literal->text = text + literal->text;
  } else {
    key.insert(key.begin(), design::Literal{text});
  }
}

}  // namespace

design::ItemLayout facet_layout(const design::ItemLayout& row, const model::Entity& entity) {
  design::ItemLayout out;
  out.role = design::ItemRole::facet;
  out.entity = row.entity;
  out.table = row.table;
  out.base = row.base;
  put_before(out.base.partition.front().parts, kFacetLiteral);
  for (const model::Attribute& attribute : entity.attributes) {
    const bool ttl = entity.retention && entity.retention->attribute == attribute.name;
    if (ttl || entity.is_in_facet(attribute.name)) out.attributes.push_back(attribute.name);
  }
  return out;
}

design::ItemLayout read_copy_layout(const design::ItemLayout& row, int number) {
  design::ItemLayout out;
  out.role = design::ItemRole::copy;
  out.copy = number;
  out.entity = row.entity;
  out.table = row.table;
  out.base = row.base;
  put_before(out.base.partition.front().parts, design::copy_literal(number));
  out.attributes = row.attributes;
  return out;
}

design::Step facet_step(const design::AccessPlan& plan, std::size_t rows,
                        const design::Table& table, std::size_t facet, bool one) {
  const design::Step& found = plan.steps[rows];
  design::Step step;
  step.table = found.table;
  step.layouts = {facet};
  step.consistent_read = found.consistent_read;
  step.completes = rows;
  if (found.operation == design::Operation::get_item) {
    step.operation = design::Operation::get_item;
    step.partition = found.partition;
    step.sort = found.sort;
    step.shards = found.shards;
    step.after = found.after;
  } else {
    step.operation = one ? design::Operation::get_item : design::Operation::batch_get_item;
    step.after = {rows};
    for (const dynamo::KeyAttribute& key : table.key.partition)
      step.partition.push_back(key_from_step(key, rows));
    for (const dynamo::KeyAttribute& key : table.key.sort)
      step.sort.push_back(key_from_step(key, rows));
  }
  put_before(step.partition.front().parts, kFacetLiteral);
  return step;
}

void ask_any_copy(const Assembly& assembly, model::EntityId entity, design::Step& get) {
  const auto copies = assembly.placement.copies.find(entity.index);
  if (copies == assembly.placement.copies.end()) return;
  get.copies = static_cast<int>(copies->second.size());
  get.layouts.insert(get.layouts.end(), copies->second.begin(), copies->second.end());
}

design::KeyExpr key_from_step(const dynamo::KeyAttribute& key, std::size_t from) {
  design::KeyExpr expr;
  expr.type = key.type;
  design::Field field;
  field.attribute = key.name;
  if (key.type == dynamo::ScalarType::N) field.encoding = design::Encoding::number;
  expr.parts.emplace_back(design::FieldFrom{field, design::FromStep{from, key.name}});
  return expr;
}

}  // namespace ddbplan::plan
