#include "emit/cloudformation.h"

#include <optional>
#include <string>

#include "emit/cloudformation_parts.h"
#include "support/text.h"
#include "support/utf8.h"

namespace ddbplan::emit {
namespace {

constexpr std::size_t kDescriptionBytesMax = 1024;  // CloudFormation User Guide, "Template quotas"

std::string table_id(const TableResource& table) {
  return table.logical_name + "Table";
}

/// With one table its parameters and outputs need no prefix.
std::string prefixed(const Resources& resources, const TableResource& table, const char* word) {
  return resources.tables.size() == 1 ? word : table.logical_name + word;
}

std::string shortened(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

Document parameters(const Resources& resources) {
  Document out = Document::map();
  for (const TableResource& table : resources.tables) {
    out.set(
        prefixed(resources, table, "TableName"),
        Document::map()
            .set("Type", "String")
            .set("Default", table.name)
            .set("AllowedPattern", "[a-zA-Z0-9_.-]{3,255}")
            .set(
                "Description",
                "A name that no other table has. CloudFormation cannot replace a table in place."));
  }
  return out;
}

Document table_metadata(const TableResource& table) {
  const auto names = [](const std::vector<std::string>& patterns) {
    Document list = Document::list();
    for (const std::string& pattern : patterns) list.add(pattern);
    return list;
  };
  Document indexes = Document::map();
  for (const IndexResource& index : table.global_indexes) {
    indexes.set(index.name, names(index.needed_by));
  }
  for (const IndexResource& index : table.local_indexes) {
    indexes.set(index.name, names(index.needed_by));
  }
  Document needed_by = Document::map().set("Table", names(table.needed_by));
  if (!indexes.empty()) needed_by.set("Indexes", std::move(indexes));
  return Document::map().set("AccessPatterns", std::move(needed_by));
}

Document table_resource(const Resources& resources, const TableResource& table,
                        const std::optional<std::string>& after, Remarks remarks) {
  const std::string name = prefixed(resources, table, "TableName");
  Document out = Document::map().set(
      "Type", resources.is_global() ? "AWS::DynamoDB::GlobalTable" : "AWS::DynamoDB::Table");
  if (remarks == Remarks::comments) out.comment({needed_by_text(table.needed_by)});
  if (after) out.set("DependsOn", *after);
  out.set("DeletionPolicy", "Retain").set("UpdateReplacePolicy", "Retain");
  if (remarks == Remarks::metadata) out.set("Metadata", table_metadata(table));
  out.set("Properties", resources.is_global()
                            ? global_table_properties(resources, table, name, remarks)
                            : table_properties(table, name, remarks));
  return out;
}

Document resource_map(const Resources& resources, Remarks remarks) {
  Document out = Document::map();
  // AWS: "If you create multiple tables with secondary indexes, use DependsOn": only so many of them may be
  // in creation at a time.
  std::optional<std::string> previous_indexed;
  for (const TableResource& table : resources.tables) {
    const std::string id = table_id(table);
    const bool indexed = !table.global_indexes.empty() || !table.local_indexes.empty();
    out.set(id,
            table_resource(resources, table, indexed ? previous_indexed : std::nullopt, remarks));
    if (indexed) previous_indexed = id;
  }
  // Auto scaling is part of a global table itself; the service refuses separate resources for it.
  if (resources.is_global()) return out;
  for (const TableResource& table : resources.tables) {
    for (auto& entry : scaling_resources(table, table_id(table))) {
      out.set(std::move(entry.first), std::move(entry.second));
    }
  }
  return out;
}

Document outputs(const Resources& resources) {
  Document out = Document::map();
  for (const TableResource& table : resources.tables) {
    const std::string id = table_id(table);
    out.set(prefixed(resources, table, "TableName"), Document::map().set("Value", reference(id)));
    out.set(prefixed(resources, table, "TableArn"),
            Document::map().set("Value", attribute_of(id, "Arn")));
    if (table.stream_view) {
      out.set(prefixed(resources, table, "StreamArn"),
              Document::map().set("Value", attribute_of(id, "StreamArn")));
    }
  }
  return out;
}

}  // namespace

Document cloudformation_template(const Resources& resources, Remarks remarks) {
  Document out = Document::map();
  out.set("AWSTemplateFormatVersion", "2010-09-09")
      .set("Description",
           shortened("DynamoDB tables of " + resources.service + ", designed by ddbplan.",
                     kDescriptionBytesMax))
      .set("Parameters", parameters(resources))
      .set("Resources", resource_map(resources, remarks))
      .set("Outputs", outputs(resources));
  return out;
}

std::string cloudformation_yaml(const Resources& resources) {
  Document document = cloudformation_template(resources, Remarks::comments);
  std::vector<std::string> lines = {"Made by ddbplan from " + resources.source_name +
                                    "; change that file, not this one."};
  if (resources.is_global()) {
    lines.push_back("Deploy it in one of its regions: " + support::join(resources.regions, ", ") +
                    ".");
  }
  document.comment(std::move(lines));
  return to_yaml(document);
}

std::string cloudformation_json(const Resources& resources) {
  return to_json(cloudformation_template(resources, Remarks::metadata));
}

}  // namespace ddbplan::emit
