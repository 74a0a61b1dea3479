#include "seed/seed_file.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "design/row_parts.h"
#include "dynamo/json_lines.h"
#include "support/parallel.h"

namespace ddbplan::seed {

using dynamo::Item;

namespace {

/// Some rows of one layout.
struct Slice {
  std::size_t layout = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Lines {
  std::string text;
  std::size_t items = 0;
};

/// Rows `begin` to `end` of all layouts, one after another.
std::vector<Slice> slices_between(const design::Design& design, const Dataset& data,
                                  std::size_t begin, std::size_t end) {
  std::vector<Slice> slices;
  std::size_t first = 0;
  for (std::size_t i = 0; i < design.items.size(); ++i) {
    const std::size_t rows = data.rows[design.items[i].entity.index].size();
    const Slice slice{i, std::clamp(begin, first, first + rows) - first,
                      std::clamp(end, first, first + rows) - first};
    if (slice.begin < slice.end) slices.push_back(slice);
    first += rows;
  }
  return slices;
}

Lines write_lines(const model::Workload& workload, const design::Design& design,
                  const Dataset& data, const Slice& slice) {
  const design::ItemLayout& layout = design.items[slice.layout];
  const std::vector<Item>& rows = data.rows[layout.entity.index];
  Lines lines;
  for (std::size_t i = slice.begin; i < slice.end; ++i) {
    const auto add = [&](const Item& row) {
      Item made;
      const auto attributes = design::item_attributes(layout, design.tables[layout.table],
                                                      workload.settings.type_attribute, row, made);
      if (!attributes) return;
      lines.text += "{\"Item\":";
      dynamo::append_item_json(lines.text, *attributes);
      lines.text += "}\n";
      // Texts of megabytes would be copied over and over while they grow.
      if (lines.items++ == 0)
        lines.text.reserve((slice.end - slice.begin) * lines.text.size() * 5 / 4);
    };
    const design::ShardRule& shards = layout.base.shards;
    if (!shards.by_request) {
      add(rows[i]);
      continue;
    }
    const int count = design::shard_count(shards, rows[i]);
    for (int shard = 0; shard < count; ++shard)
      add(design::part_of(workload.entity(layout.entity), rows[i], shard, count));
  }
  return lines;
}

/// `text` in at most `parts` pieces of whole lines.
std::vector<std::string_view> line_blocks(std::string_view text, std::size_t parts) {
  std::vector<std::string_view> blocks;
  std::size_t begin = 0;
  for (std::size_t part = 1; part <= parts && begin < text.size(); ++part) {
    const std::size_t wanted = std::max(text.size() * part / parts, begin + 1);
    const std::size_t newline = text.find('\n', wanted - 1);
    const std::size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
    blocks.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return blocks;
}

}  // namespace

/// Some lines of a file.
struct SeedBlock {
  std::vector<Item> items;
  std::string error;
  int lines = 0;  ///< read, the wrong one included
};

namespace {

SeedBlock read_block(std::string_view rest) {
  SeedBlock block;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view text = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    ++block.lines;
    if (text.empty()) continue;
    // Items that follow one another are mostly of one kind.
    auto item = dynamo::parse_item_line(text, block.items.empty() ? 0 : block.items.back().size());
    if (!item) {
      block.error = item.error();
      return block;
    }
    block.items.push_back(*std::move(item));
  }
  return block;
}

}  // namespace

std::vector<SeedFile> write_seed(const model::Workload& workload, const design::Design& design,
                                 const Dataset& data) {
  std::vector<SeedFile> files(design.tables.size());
  for (std::size_t i = 0; i < files.size(); ++i) files[i].table = design.tables[i].name;
  std::size_t rows = 0;
  for (const design::ItemLayout& layout : design.items)
    rows += data.rows[layout.entity.index].size();
  constexpr std::size_t kRowsMin = 250;
  const std::size_t parts = support::part_count(rows, kRowsMin);
  const auto written = support::in_parts(parts, [&](std::size_t part) {
    std::vector<std::pair<std::size_t, Lines>> by_table;
    for (const Slice& slice :
         slices_between(design, data, rows * part / parts, rows * (part + 1) / parts)) {
      by_table.emplace_back(design.items[slice.layout].table,
                            write_lines(workload, design, data, slice));
    }
    return by_table;
  });
  std::vector<std::size_t> bytes(files.size(), 0);
  for (const auto& part : written) {
    for (const auto& [table, lines] : part) bytes[table] += lines.text.size();
  }
  for (std::size_t i = 0; i < files.size(); ++i) files[i].text.reserve(bytes[i]);
  for (const auto& part : written) {
    for (const auto& [table, lines] : part) {
      files[table].text += lines.text;
      files[table].items += lines.items;
    }
  }
  return files;
}

SeedReader::SeedReader(const SeedFile& file) : file_(file) {
  constexpr std::size_t kBytesMin = 100'000;
  std::vector<std::string_view> texts =
      line_blocks(file.text, support::part_count(file.text.size(), kBytesMin));
  const std::size_t count = texts.size();
  blocks_ = std::make_unique<support::Parts<SeedBlock>>(
      count, [texts = std::move(texts)](std::size_t block) { return read_block(texts[block]); });
}

SeedReader::~SeedReader() = default;

void SeedReader::help() {
  blocks_->help();
}

support::Result<std::vector<Item>, std::string> SeedReader::next() {
  while (next_ < blocks_->count()) {
    SeedBlock block = blocks_->take(next_++);
    lines_ += block.lines;
    if (!block.error.empty())
      return file_.table + ", line " + std::to_string(lines_) + ", " + block.error;
    if (!block.items.empty()) return std::move(block.items);
  }
  return std::vector<Item>();
}

support::Result<std::vector<Item>, std::string> read_seed(const SeedFile& file) {
  SeedReader reader(file);
  const support::Beside<void> helper = support::beside([&reader] { reader.help(); });
  std::vector<Item> items;
  items.reserve(file.items);
  while (true) {
    auto next = reader.next();
    if (!next) return next.error();
    if (next->empty()) return items;
    std::move(next->begin(), next->end(), std::back_inserter(items));
  }
}

}  // namespace ddbplan::seed
