// replay DIRECTORY MUTATIONS: a fuzz target without libFuzzer, as every compiler builds it. Runs
// each file of the corpus as it is, and as many mutations of it, the same ones each time.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

void mutate(Bytes& bytes, std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (std::size_t changes = 1 + below(4); changes > 0 && !bytes.empty(); --changes) {
    const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size()));
    const auto length = static_cast<std::ptrdiff_t>(
        below(std::min<std::size_t>(64, static_cast<std::size_t>(bytes.end() - at))) + 1);
    switch (below(6)) {
      case 0:
        *at = static_cast<std::uint8_t>(*at ^ (1U << below(8)));
        break;
      case 1:
        *at = static_cast<std::uint8_t>(random());
        break;
      case 2:
        bytes.erase(at, at + length);
        break;
      case 3: {
        const Bytes piece(at, at + length);
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size())),
                     piece.begin(), piece.end());
        break;
      }
      case 4:
        std::fill(at, at + length, std::uint8_t{'9'});
        break;
      default:
        if (below(8) == 0) bytes.erase(at, bytes.end());
        break;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const long mutations = std::atol(argv[2]);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::mt19937_64 random(1);
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    const Bytes bytes{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    for (long i = 0; i < mutations; ++i) {
      Bytes changed = bytes;
      mutate(changed, random);
      LLVMFuzzerTestOneInput(changed.data(), changed.size());
    }
  }
  std::printf("%zu files, %ld mutations of each\n", files.size(), mutations);
  return files.empty() ? 1 : 0;
}
