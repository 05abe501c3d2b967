#include "io/files/sha256.hpp"

#include <gtest/gtest.h>

#include <string>

#include "io/files/atomic_file.hpp"
#include "tests/support/scratch_directory.hpp"

namespace eustress::io {
namespace {

// Known answers of FIPS 180-4.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, FileLargerThanAPiece) {
  const testing::ScratchDirectory scratch;
  const std::string content((std::size_t{2} << 20) + 17, 'q');
  write_file(scratch.file("a"), content);
  EXPECT_EQ(sha256_of_file(scratch.file("a")), sha256(content));
}

}  // namespace
}  // namespace eustress::io
