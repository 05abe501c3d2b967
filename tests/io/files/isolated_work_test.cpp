#include "io/files/isolated_work.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>

#include "core/error.hpp"
#include "tests/support/error_of.hpp"

namespace eustress::io {
namespace {

using ::eustress::testing::error_of;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(IsolatedWork, GivesWhatTheWorkGives) {
  EXPECT_EQ(in_process_of_its_own("a", 60, [] { return std::string(); }), "");
  // More than a pipe holds, of all bytes.
  std::string large(5'000'001, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7);
  EXPECT_TRUE(in_process_of_its_own("a", 60, [&] { return large; }) == large);
}

TEST(IsolatedWork, ChangesNothingHere) {
  int here = 1;
  const int inherited = ::getpid();
  const std::string there = in_process_of_its_own("a", 60, [&] {
    here = 2;
    return std::to_string(::getpid());
  });
  EXPECT_EQ(here, 1);
  EXPECT_NE(there, std::to_string(inherited));
}

TEST(IsolatedWork, ErrorsArePassedOn) {
  for (const ErrorKind kind : {ErrorKind::usage, ErrorKind::input, ErrorKind::internal}) {
    const auto error = error_of([&] {
      (void)in_process_of_its_own(
          "a", 60, [&]() -> std::string { throw Error(kind, "line one\nline two"); });
    });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), kind);
    EXPECT_STREQ(error->what(), "line one\nline two");
  }
  const auto other = error_of([] {
    (void)in_process_of_its_own("a", 60,
                                []() -> std::string { throw std::out_of_range("far out"); });
  });
  ASSERT_TRUE(other);
  EXPECT_EQ(other->kind(), ErrorKind::internal);
  EXPECT_STREQ(other->what(), "far out");
  const auto memory = error_of([] {
    (void)in_process_of_its_own("big.nc", 60, []() -> std::string { throw std::bad_alloc(); });
  });
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->kind(), ErrorKind::input);
  EXPECT_THAT(memory->what(), AllOf(HasSubstr("'big.nc'"), HasSubstr("memory")));
}

TEST(IsolatedWork, ACrashIsAnErrorOfInput) {
  for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGKILL, SIGXCPU}) {
    const auto error = error_of([&] {
      (void)in_process_of_its_own("people.nc", 60, [&]() -> std::string {
        ::raise(number);
        return "not reached";
      });
    });
    ASSERT_TRUE(error) << number;
    EXPECT_EQ(error->kind(), ErrorKind::input);
    EXPECT_THAT(error->what(), AllOf(HasSubstr("'people.nc'"), HasSubstr("was lost in it")));
  }
  const auto ended = error_of(
      [] { (void)in_process_of_its_own("people.nc", 60, []() -> std::string { ::_exit(0); }); });
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->kind(), ErrorKind::input);
}

TEST(IsolatedWork, ARequestToStopDoesNotEndTheReading) {
  for (const int number : {SIGTERM, SIGUSR1}) {
    EXPECT_EQ(in_process_of_its_own("people.nc", 60,
                                    [&]() -> std::string {
                                      ::raise(number);
                                      return "read";
                                    }),
              "read");
  }
}

TEST(IsolatedWork, WhatNeverEndsIsEnded) {
  const auto error = error_of([] {
    (void)in_process_of_its_own("people.nc", 1, []() -> std::string {
      for (volatile unsigned i = 0;;) i = i + 1;
    });
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::input);
  EXPECT_THAT(error->what(), HasSubstr("CPU time limit"));
}

TEST(IsolatedWork, PrintsNothing) {
  ::testing::internal::CaptureStderr();
  (void)in_process_of_its_own("a", 60, []() -> std::string {
    std::fputs("from there\n", stderr);
    return "";
  });
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace eustress::io
