#include <algorithm>
#include <cstring>
#include <limits>

#include "io/hdf5/library.hpp"

namespace eustress::io {

struct ForeignFile::State {
  std::string name;
  std::uint64_t bytes = 0;
  Handle file;

  [[nodiscard]] Task task(std::string_view action) const {
    return {ErrorKind::input, fmt::format("{} '{}'", action, name)};
  }
  [[nodiscard]] Task reading(const std::string& variable) const {
    return task(fmt::format("read '{}' of", variable));
  }
  Handle open_column(const std::string& variable, std::size_t& length) const;
  [[nodiscard]] std::optional<double> attribute(hid_t variable, const char* attribute_name) const;
};

namespace {

constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
/// More would not be a table of people that fits into memory with everything made of it.
constexpr std::uint64_t kMostRows = std::uint64_t{1} << 28;
/// The best that deflate can do is 1,032.
constexpr std::uint64_t kMostCompression = 1100;

std::string without_padding(const char* text, std::size_t size) {
  std::string result(text, strnlen(text, size));
  result.resize(result.find_last_not_of(' ') + 1);
  return result;
}

}  // namespace

bool is_hdf5(std::string_view bytes) {
  return bytes.starts_with(kSignature);
}

ForeignFile::ForeignFile(std::string_view bytes, std::string name)
    : state_(std::make_unique<State>()) {
  silence_library();
  state_->name = std::move(name);
  state_->bytes = bytes.size();
  const Task opening = state_->task("read");
  const Handle access = open_handle(opening, H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  opening.check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG));
  constexpr std::size_t kIncrement = 1 << 16;
  opening.check(H5Pset_fapl_core(access.id(), kIncrement, 0));  // 0: never written to disk
  // The library copies the image; it takes it by a pointer to what it does not change.
  opening.check(H5Pset_file_image(access.id(), const_cast<char*>(bytes.data()), bytes.size()));
  // The library refuses an image under the name of a file that is there.
  const std::string image = state_->name + " (in memory)";
  state_->file =
      open_handle(opening, H5Fopen(image.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
}

ForeignFile::~ForeignFile() = default;

std::vector<std::string> ForeignFile::variables() const {
  const Task listing = state_->task("list the variables of");
  const Handle root = open_handle(listing, H5Gopen2(state_->file.id(), "/", H5P_DEFAULT), H5Gclose);
  H5G_info_t group{};
  listing.check(H5Gget_info(root.id(), &group));
  std::vector<std::string> names;
  for (hsize_t i = 0; i < group.nlinks; ++i) {
    const auto name_of = [&](char* buffer, std::size_t size) {
      return listing.check(H5Lget_name_by_idx(root.id(), ".", H5_INDEX_NAME, H5_ITER_INC, i, buffer,
                                              size, H5P_DEFAULT));
    };
    std::string name(static_cast<std::size_t>(name_of(nullptr, 0)), '\0');
    name_of(name.data(), name.size() + 1);
    names.push_back(std::move(name));
  }
  return names;
}

Handle ForeignFile::State::open_column(const std::string& variable, std::size_t& length) const {
  const Task task = reading(variable);
  if (task.check(H5Lexists(file.id(), variable.c_str(), H5P_DEFAULT)) == 0) {
    task.fail("there is no such variable");
  }
  H5L_info_t link{};
  task.check(H5Lget_info(file.id(), variable.c_str(), &link, H5P_DEFAULT));
  if (link.type != H5L_TYPE_HARD) task.fail("it is a link to somewhere else");
  Handle object = open_handle(task, H5Oopen(file.id(), variable.c_str(), H5P_DEFAULT), H5Oclose);
  if (H5Iget_type(object.id()) != H5I_DATASET) task.fail("it is a group, not a variable");
  const Handle plan = open_handle(task, H5Dget_create_plist(object.id()), H5Pclose);
  const H5D_layout_t layout = H5Pget_layout(plan.id());
  if (layout == H5D_VIRTUAL ||
      (layout == H5D_CONTIGUOUS && task.check(H5Pget_external_count(plan.id())) > 0)) {
    task.fail("its numbers lie in other files");
  }
  const Handle space = open_handle(task, H5Dget_space(object.id()), H5Sclose);
  const int rank = task.check(H5Sget_simple_extent_ndims(space.id()));
  if (rank != 1) {
    task.fail(fmt::format("it has {} dimensions; a column of a cohort table has one", rank));
  }
  hsize_t rows = 0;
  task.check(H5Sget_simple_extent_dims(space.id(), &rows, nullptr));
  if (rows > kMostRows) task.fail(fmt::format("it has {} rows, more than {}", rows, kMostRows));
  // Reading on behind the end of the file would give zeros, for minutes.
  const Handle type = open_handle(task, H5Dget_type(object.id()), H5Tclose);
  const std::uint64_t room = bytes * (layout == H5D_CHUNKED ? kMostCompression : 1);
  const std::size_t size = H5Tget_size(type.id());
  if (size == 0 || rows > room / size) {
    task.fail(fmt::format("it has {} rows of {} bytes, which a file of {} bytes cannot hold", rows,
                          size, bytes));
  }
  length = static_cast<std::size_t>(rows);
  return object;
}

std::optional<double> ForeignFile::State::attribute(hid_t variable,
                                                    const char* attribute_name) const {
  const Task task = this->task(fmt::format("read attribute {} in", attribute_name));
  if (task.check(H5Aexists(variable, attribute_name)) == 0) return std::nullopt;
  const Handle found = open_handle(task, H5Aopen(variable, attribute_name, H5P_DEFAULT), H5Aclose);
  const Handle type = open_handle(task, H5Aget_type(found.id()), H5Tclose);
  const Handle space = open_handle(task, H5Aget_space(found.id()), H5Sclose);
  const H5T_class_t kind = H5Tget_class(type.id());
  if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || H5Sget_simple_extent_npoints(space.id()) != 1) {
    task.fail("it is not one number");
  }
  double value = 0.0;
  task.check(H5Aread(found.id(), H5T_NATIVE_DOUBLE, &value));
  return value;
}

std::vector<double> ForeignFile::numbers(const std::string& variable) const {
  const Task task = state_->reading(variable);
  std::size_t length = 0;
  const Handle column = state_->open_column(variable, length);
  const Handle type = open_handle(task, H5Dget_type(column.id()), H5Tclose);
  const H5T_class_t kind = H5Tget_class(type.id());
  if (kind != H5T_INTEGER && kind != H5T_FLOAT) task.fail("it does not hold numbers");
  for (const char* packing : {"scale_factor", "add_offset"}) {
    if (state_->attribute(column.id(), packing)) {
      task.fail(
          fmt::format("its numbers are packed, with the attribute {}; unpack them first", packing));
    }
  }
  std::vector<double> values(length);
  if (length > 0) {
    task.check(
        H5Dread(column.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
  }
  for (const char* missing : {"_FillValue", "missing_value"}) {
    const std::optional<double> mark = state_->attribute(column.id(), missing);
    if (mark) std::ranges::replace(values, *mark, std::numeric_limits<double>::quiet_NaN());
  }
  return values;
}

std::vector<std::string> ForeignFile::texts(const std::string& variable) const {
  const Task task = state_->reading(variable);
  std::size_t length = 0;
  const Handle column = state_->open_column(variable, length);
  const Handle type = open_handle(task, H5Dget_type(column.id()), H5Tclose);
  std::vector<std::string> result(length);
  if (length == 0) return result;
  if (H5Tget_class(type.id()) == H5T_INTEGER) {
    std::vector<std::int64_t> numbers(length);
    task.check(
        H5Dread(column.id(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()));
    std::ranges::transform(numbers, result.begin(),
                           [](std::int64_t n) { return std::to_string(n); });
    return result;
  }
  if (H5Tget_class(type.id()) != H5T_STRING) task.fail("it holds neither text nor whole numbers");
  if (task.check(H5Tis_variable_str(type.id())) > 0) {
    std::vector<char*> texts(length, nullptr);
    task.check(H5Dread(column.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()));
    for (std::size_t i = 0; i < length; ++i) {
      if (texts[i] != nullptr) result[i] = texts[i];
    }
    const Handle space = open_handle(task, H5Dget_space(column.id()), H5Sclose);
    task.check(H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, texts.data()));
    return result;
  }
  const std::size_t size = H5Tget_size(type.id());
  if (size == 0 || size > kMostRows / length) task.fail("its texts are too long");
  std::vector<char> texts(size * length);
  task.check(H5Dread(column.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()));
  for (std::size_t i = 0; i < length; ++i) result[i] = without_padding(&texts[i * size], size);
  return result;
}

}  // namespace eustress::io
