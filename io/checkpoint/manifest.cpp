#include "io/checkpoint/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/engine/person.hpp"
#include "core/error.hpp"
#include "io/files/sha256.hpp"
#include "io/files/xxh3.hpp"

namespace eustress::io {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kContent = "checkpoint";
// Far above what a run can have, and low enough that no product of two of them leaves 64 bits.
constexpr std::uint64_t kMostIndividuals = std::uint64_t{1} << 40;
constexpr std::uint64_t kMostArms = std::uint64_t{1} << 16;
constexpr std::uint64_t kMostDays = 100'000'000;
constexpr std::uint64_t kMostRecordNumbers = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostCells = std::uint64_t{1} << 27;
constexpr std::uint64_t kLargestManifest = std::uint64_t{1} << 26;

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string checksum_of(const Json& body) {
  Xxh3 hash;
  hash.add(bytes_of(dump(body)));
  return hash_text(hash.value());
}

std::string_view type_name(NumberType type) {
  switch (type) {
    case NumberType::float64:
      return "float64";
    case NumberType::float32:
      return "float32";
    case NumberType::int64:
      return "int64";
    case NumberType::uint64:
      return "uint64";
    case NumberType::int32:
      return "int32";
    case NumberType::int16:
      break;
  }
  return "int16";
}

/// Refuses a manifest.
class Refusal {
 public:
  explicit Refusal(const std::string& path) : path_(path) {}
  [[noreturn]] void operator()(std::string_view reason) const {
    throw Error(ErrorKind::input,
                fmt::format("cannot use the checkpoint of '{}': {}", path_, reason));
  }

 private:
  const std::string& path_;
};

/// Checked access to the fields of a JSON object.
class Fields {
 public:
  Fields(const Json& object, const Refusal& refuse) : object_(object), refuse_(refuse) {
    if (!object.is_object()) refuse_("it is not a manifest");
  }
  [[nodiscard]] const Json& at(const char* name) const {
    const auto found = object_.find(name);
    if (found == object_.end()) refuse_(fmt::format("'{}' is missing", name));
    return *found;
  }
  [[nodiscard]] std::uint64_t whole(const char* name, std::uint64_t least,
                                    std::uint64_t most) const {
    const Json& value = at(name);
    if (!value.is_number_unsigned()) refuse_(fmt::format("'{}' is not a whole number", name));
    const auto number = value.get<std::uint64_t>();
    if (number < least || number > most) {
      refuse_(fmt::format("'{}' is {}, legal are {} to {}", name, number, least, most));
    }
    return number;
  }
  [[nodiscard]] std::string text(const char* name) const {
    const Json& value = at(name);
    if (!value.is_string()) refuse_(fmt::format("'{}' is not a text", name));
    return value.get<std::string>();
  }
  [[nodiscard]] std::vector<std::string> texts(const char* name) const {
    const Json& value = at(name);
    std::vector<std::string> all;
    if (!value.is_array()) refuse_(fmt::format("'{}' is not a list", name));
    for (const Json& entry : value) {
      if (!entry.is_string()) refuse_(fmt::format("'{}' is not a list of texts", name));
      all.push_back(entry.get<std::string>());
    }
    return all;
  }
  [[nodiscard]] std::uint64_t hash(const char* name) const {
    const std::string digits = text(name);
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != 16 || failure != std::errc() || stop != end) {
      refuse_(fmt::format("'{}' is not a checksum", name));
    }
    return value;
  }

 private:
  const Json& object_;
  const Refusal& refuse_;
};

std::vector<std::string> column_names() {
  std::vector<std::string> names;
  for (const PersonColumn& column : person_columns()) names.push_back(column.name);
  return names;
}

/// "a, b, c and 4 more" of those in `all` that are not in `others`.
std::string missing_from(const std::vector<std::string>& others,
                         const std::vector<std::string>& all) {
  constexpr std::size_t kNamed = 5;
  std::string list;
  std::size_t missing = 0;
  for (const std::string& name : all) {
    if (std::ranges::find(others, name) != others.end()) continue;
    if (++missing <= kNamed) list += (list.empty() ? "" : ", ") + as_utf8(name);
  }
  if (missing > kNamed) list += fmt::format(" and {} more", missing - kNamed);
  return list;
}

void require_columns(const std::vector<std::string>& stored, const Refusal& refuse) {
  const std::vector<std::string> known = column_names();
  if (stored == known) return;
  const std::string unknown = missing_from(known, stored);
  const std::string lacking = missing_from(stored, known);
  std::string reason = "it was written by a program with another model: ";
  if (unknown.empty() && lacking.empty()) {
    reason += "its columns are in another order or number";
  } else {
    if (!unknown.empty()) reason += fmt::format("this program does not know {}", unknown);
    if (!unknown.empty() && !lacking.empty()) reason += "; ";
    if (!lacking.empty()) reason += fmt::format("{} is missing", lacking);
  }
  refuse(reason + "; continue with the program that wrote it");
}

CheckpointHeader parse_header(const Fields& fields, const Refusal& refuse) {
  CheckpointHeader header;
  header.study = fields.text("study");
  header.arms = fields.texts("arms");
  if (header.arms.empty() || header.arms.size() > kMostArms) {
    refuse(fmt::format("it has {} arms", header.arms.size()));
  }
  header.individuals = fields.whole("individuals", 1, kMostIndividuals);
  const std::uint64_t all_blocks = block_count(header.individuals);
  header.slice = fields.whole("slice", 0, all_blocks);
  header.first_block = fields.whole("first_block", 0, all_blocks - 1);
  header.blocks = fields.whole("blocks", 1, all_blocks - header.first_block);
  header.days_done = static_cast<int>(fields.whole("days_done", 0, kMostDays));
  header.record_numbers = fields.whole("record_numbers", 0, kMostRecordNumbers);
  header.cells = fields.whole("cells", 0, kMostCells);
  header.lineage = fields.text("lineage");
  return header;
}

std::vector<StoredArray> parse_arrays(const Json& list, const CheckpointHeader& header,
                                      const Refusal& refuse) {
  std::vector<StoredArray> arrays = arrays_of(header);
  if (!list.is_array() || list.size() != arrays.size()) {
    refuse(fmt::format("it does not list the {} arrays of such a checkpoint", arrays.size()));
  }
  for (std::size_t a = 0; a < arrays.size(); ++a) {
    const Fields fields(list[a], refuse);
    StoredArray& array = arrays[a];
    if (fields.text("name") != array.name || fields.text("type") != type_name(array.type)) {
      refuse(fmt::format("its array {} is not '{}' of {}", a, array.name, type_name(array.type)));
    }
    if (fields.at("shape") != Json(array.shape)) {
      refuse(fmt::format("array '{}' has not the shape that the size of the cohort gives to it",
                         array.name));
    }
    array.offset = fields.whole("offset", 0, ~std::uint64_t{0});
  }
  return arrays;
}

/// Arrays in the order of the file.
std::vector<const StoredArray*> by_place(const std::vector<StoredArray>& arrays) {
  std::vector<const StoredArray*> order;
  for (const StoredArray& array : arrays) order.push_back(&array);
  std::ranges::sort(order, std::less<>(), &StoredArray::offset);
  return order;
}

void require_places(const Manifest& manifest, const Refusal& refuse) {
  std::uint64_t end = 0;
  for (const StoredArray* array : by_place(manifest.arrays)) {
    if (array->offset > manifest.bytes || array->bytes() > manifest.bytes - array->offset) {
      refuse(fmt::format("array '{}' lies outside of the {} bytes of the file", array->name,
                         manifest.bytes));
    }
    if (array->offset < end) {
      refuse(fmt::format("array '{}' overlaps with another one", array->name));
    }
    end = array->offset + array->bytes();
  }
}

}  // namespace

std::string hash_text(std::uint64_t hash) {
  return fmt::format("{:016x}", hash);
}

std::string as_utf8(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace))
      .get<std::string>();
}

std::string array_name(std::string_view column) {
  std::string name(column);
  std::ranges::replace(name, '.', '_');
  return name;
}

std::uint64_t StoredArray::elements() const {
  std::uint64_t product = 1;
  for (const std::uint64_t length : shape) product *= length;
  return product;
}

std::vector<StoredArray> arrays_of(const CheckpointHeader& header) {
  const std::uint64_t individuals = header.slice_individuals();
  const std::uint64_t arms = header.arms.size();
  std::vector<StoredArray> arrays = {{"individual", NumberType::uint64, {individuals}},
                                     {"block", NumberType::uint64, {header.blocks}}};
  for (const PersonColumn& column : person_columns()) {
    arrays.push_back({array_name(column.name), NumberType::float64, {arms, individuals}});
  }
  if (header.record_numbers > 0) {
    arrays.push_back({"record", NumberType::float64, {header.blocks, header.record_numbers}});
  }
  if (header.cells > 0) arrays.push_back({"sums", NumberType::int64, {arms, header.cells}});
  arrays.push_back({"block_hash", NumberType::uint64, {header.blocks}});
  return arrays;
}

const StoredArray* Manifest::find(std::string_view array) const {
  const auto found = std::ranges::find(arrays, array, &StoredArray::name);
  return found == arrays.end() ? nullptr : &*found;
}

std::vector<Extent> Manifest::frame() const {
  std::vector<Extent> gaps;
  std::uint64_t end = 0;
  for (const StoredArray* array : by_place(arrays)) {
    if (array->offset > end) gaps.push_back({end, array->offset - end});
    end = array->offset + array->bytes();
  }
  if (bytes > end) gaps.push_back({end, bytes - end});
  return gaps;
}

std::string Manifest::text() const {
  Json list = Json::array();
  for (const StoredArray& array : arrays) {
    list.push_back(Json{{"name", array.name},
                        {"type", type_name(array.type)},
                        {"shape", array.shape},
                        {"offset", array.offset}});
  }
  Json body = {
      {"eustress_content", kContent},
      {"format_version", kCheckpointVersion},
      {"file", file},
      {"bytes", bytes},
      {"days_done", header.days_done},
      {"individuals", header.individuals},
      {"slice", header.slice},
      {"first_block", header.first_block},
      {"blocks", header.blocks},
      {"arms", header.arms},
      {"record_numbers", header.record_numbers},
      {"cells", header.cells},
      {"lineage", header.lineage},
      {"eustress_version", program.version},
      {"git_commit", program.commit},
      {"compiler", program.compiler},
      {"study_sha256", sha256(header.study)},
      {"study", header.study},
      {"columns", column_names()},
      {"arrays", std::move(list)},
      {"frame_xxh3", hash_text(frame_hash)},
      {"sums_xxh3", hash_text(sums_hash)},
      {"block_hash_xxh3", hash_text(block_hashes_hash)},
  };
  const std::string checksum = checksum_of(body);
  body["checksum"] = checksum;
  return dump(body) + "\n";
}

Manifest parse_manifest(const std::string& path, const std::string& text) {
  const Refusal refuse(path);
  if (text.empty()) refuse("the manifest is empty");
  const auto is_flat = [&](int depth, Json::parse_event_t, Json&) {
    // Writing JSON is recursive; a manifest has an object, the list of arrays, an array, its shape.
    if (depth > 4) refuse("it is not the manifest of a checkpoint");
    return true;
  };
  Json json = Json::parse(text, is_flat, false);
  if (json.is_discarded()) refuse("the manifest is not JSON; it is truncated or damaged");
  const Fields fields(json, refuse);
  if (fields.text("eustress_content") != kContent) {
    refuse("it is not the manifest of a checkpoint");
  }
  // First, because what follows may be different in another version.
  const std::uint64_t version = fields.whole("format_version", 1, ~std::uint64_t{0});
  if (version > kCheckpointVersion) {
    refuse(
        fmt::format("its format is version {}, this program knows versions 1 to {}; continue "
                    "with a newer program",
                    version, kCheckpointVersion));
  }
  const std::string checksum = fields.text("checksum");
  const std::string canonical = dump(json) + "\n";
  Json body = json;
  body.erase("checksum");
  if (canonical != text || checksum_of(body) != checksum) {
    refuse("the manifest is damaged: its checksum is wrong");
  }

  require_columns(fields.texts("columns"), refuse);
  Manifest manifest;
  manifest.header = parse_header(fields, refuse);
  manifest.program.version = fields.text("eustress_version");
  manifest.program.commit = fields.text("git_commit");
  manifest.program.compiler = fields.text("compiler");
  if (fields.text("study_sha256") != sha256(manifest.header.study)) {
    refuse("the study does not fit its SHA-256");
  }
  manifest.file = fields.text("file");
  const std::string own_name = path.substr(path.rfind('/') + 1);
  const std::string stem = own_name.substr(0, own_name.rfind('.'));
  if (manifest.file != stem + ".h5") {
    refuse(fmt::format("it is the manifest of another checkpoint, '{}'", manifest.file));
  }
  manifest.bytes = fields.whole("bytes", 1, ~std::uint64_t{0} >> 1);
  manifest.arrays = parse_arrays(fields.at("arrays"), manifest.header, refuse);
  require_places(manifest, refuse);
  manifest.frame_hash = fields.hash("frame_xxh3");
  manifest.sums_hash = fields.hash("sums_xxh3");
  manifest.block_hashes_hash = fields.hash("block_hash_xxh3");
  return manifest;
}

std::string read_manifest_text(const std::string& path) {
  const Refusal refuse(path);
  try {
    const File file(path, File::Mode::read);
    const std::uint64_t size = file.size();
    if (size > kLargestManifest) refuse(fmt::format("a manifest has no {} bytes", size));
    std::string text(static_cast<std::size_t>(size), '\0');
    file.read_at(0, std::as_writable_bytes(std::span(text)));
    return text;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::input) throw;
    refuse(error.what());
  }
}

std::uint64_t hash_of(const File& file, std::span<const Extent> extents) {
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
  std::vector<std::byte> piece;
  Xxh3 hash;
  for (const Extent& extent : extents) {
    for (std::uint64_t done = 0; done < extent.bytes; done += kPiece) {
      piece.resize(static_cast<std::size_t>(std::min(kPiece, extent.bytes - done)));
      file.read_at(extent.offset + done, piece);
      hash.add(piece);
    }
  }
  return hash.value();
}

void check_against(const Manifest& manifest, const File& file) {
  const auto refuse = [&](std::string_view reason) {
    throw Error(ErrorKind::input,
                fmt::format("cannot use the checkpoint '{}': {}", file.path(), reason));
  };
  const std::uint64_t size = file.size();
  if (size == 0) refuse("the file is empty");
  if (size != manifest.bytes) {
    refuse(fmt::format("the file has {} bytes, and {} were written{}", size, manifest.bytes,
                       size < manifest.bytes ? "; it is truncated" : ""));
  }
  if (hash_of(file, manifest.frame()) != manifest.frame_hash) {
    refuse("its description (HDF5 metadata) is damaged, or the manifest is another's");
  }
  const StoredArray* sums = manifest.find("sums");
  if (sums != nullptr && hash_of(file, *sums) != manifest.sums_hash) {
    refuse("'sums' is damaged");
  }
  if (hash_of(file, manifest.block_hash()) != manifest.block_hashes_hash) {
    refuse("'block_hash' is damaged");
  }
}

}  // namespace eustress::io
