// Any bytes as a manifest and the data that belong to it, separated by a zero: refused as an error
// of input, or read within the file. Checksums stop what is random, not what is made on purpose, so
// they are put right before the second attempt.

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "io/checkpoint/manifest.hpp"
#include "io/checkpoint/rows.hpp"
#include "io/files/file.hpp"
#include "io/files/sha256.hpp"
#include "io/files/xxh3.hpp"
#include "parallel/thread_team.hpp"

namespace {

using namespace eustress;
using Json = nlohmann::ordered_json;

constexpr const char* kPath = "day-000001.json";
constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 22;

template <class Work>
void attempt(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) std::abort();
  }
}

/// With the checksums that it should have; empty if it is no JSON of an object.
std::string forged(std::string_view text) {
  const auto is_flat = [](int depth, Json::parse_event_t, Json&) { return depth <= 4; };
  Json json = Json::parse(text, is_flat, false);
  if (!json.is_object()) return {};
  json.erase("checksum");
  const auto study = json.find("study");
  if (study != json.end() && study->is_string()) {
    json["study_sha256"] = io::sha256(study->get<std::string>());
  }
  const auto dump = [&] { return json.dump(2, ' ', false, Json::error_handler_t::replace); };
  io::Xxh3 hash;
  hash.add(io::bytes_of(dump()));
  json["checksum"] = io::hash_text(hash.value());
  return dump() + "\n";
}

/// One file for all inputs.
const io::File& scratch_file() {
  static const io::File file = [] {
    const std::string path = (std::filesystem::temp_directory_path() / "eustress-fuzz-").string() +
                             std::to_string(::getpid());
    ::unlink(path.c_str());
    io::File created(path, io::File::Mode::create_new);
    ::unlink(path.c_str());
    return created;
  }();
  return file;
}

void read_data(const std::string& text, std::string_view data) {
  io::Manifest manifest = io::parse_manifest(kPath, text);
  if (manifest.bytes > kLargestFile) return;
  const io::File& file = scratch_file();
  file.set_size(0);
  file.set_size(manifest.bytes);
  file.write_at(0, io::bytes_of(data.substr(0, static_cast<std::size_t>(manifest.bytes))));
  attempt([&] { io::check_against(manifest, file); });
  manifest.frame_hash = io::hash_of(file, manifest.frame());
  if (const io::StoredArray* sums = manifest.find("sums")) {
    manifest.sums_hash = io::hash_of(file, *sums);
  }
  manifest.block_hashes_hash = io::hash_of(file, manifest.block_hash());
  io::check_against(manifest, file);
  const parallel::ThreadTeam team(1);
  const std::uint64_t first = manifest.header.first_block;
  (void)io::stored_hashes(manifest, file, first, manifest.header.blocks);
  (void)io::read_rows(manifest, file, first, manifest.header.blocks, {}, {}, team);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\0'), size);
  const std::string text(input.substr(0, end));
  const std::string_view content = input.substr(std::min(end + 1, size));
  attempt([&] { read_data(text, content); });
  const std::string right = forged(text);
  if (!right.empty()) attempt([&] { read_data(right, content); });
  return 0;
}
