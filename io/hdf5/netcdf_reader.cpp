#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <optional>

#include "io/files/file.hpp"
#include "io/files/sha256.hpp"
#include "io/hdf5/disk_driver.hpp"
#include "io/hdf5/library.hpp"

namespace eustress::io {

struct NetcdfReader::State {
  std::string path;
  std::uint64_t file_size = 0;
  std::optional<File> disk;  // outlives the file
  Handle file;
  std::vector<Attribute> attributes;
  std::vector<Content> variables;

  [[nodiscard]] Task task(std::string_view action) const {
    return {ErrorKind::input, fmt::format("{} '{}'", action, path)};
  }
  void examine_start() const;
  void open();
  std::vector<Attribute> read_attributes(const Task& task, hid_t object,
                                         std::vector<std::int64_t>* dimension_numbers) const;
  std::optional<AttributeValue> read_value(const Task& task, hid_t attribute) const;
  Content describe(const Task& task, const std::string& name,
                   std::vector<std::int64_t>& dimension_numbers);
};

namespace {

std::uint64_t little_endian(std::span<const unsigned char> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

std::string name_by(const Task& task, auto&& call) {
  const ssize_t length = task.check(call(nullptr, std::size_t{0}));
  std::string name(static_cast<std::size_t>(length), '\0');
  task.check(call(name.data(), name.size() + 1));
  return name;
}

bool is_reserved(std::string_view attribute) {
  return attribute == kScaleClass || attribute == kScaleName || attribute == kScaleUsers ||
         attribute == kScalesOfVariable;
}

}  // namespace

/// Truncated and foreign files are found before HDF5 sees them: what is opened is a file of the
/// checksummed format whose size is the one that was written in it.
void NetcdfReader::State::examine_start() const {
  const Task opening = task("read");
  constexpr std::size_t kSuperblock = 48;
  constexpr std::array<unsigned char, 8> kSignature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  std::array<unsigned char, kSuperblock> start{};
  if (file_size == 0) opening.fail("the file is empty");
  const std::size_t present = std::min<std::size_t>(file_size, start.size());
  try {
    disk->read_at(0, std::as_writable_bytes(std::span(start).first(present)));
  } catch (const Error& error) {
    opening.fail(error.what());
  }
  if (!std::equal(kSignature.begin(), kSignature.end(), start.begin())) {
    opening.fail("it is not an HDF5 or netCDF-4 file, or it is one that was never finished");
  }
  if (present < kSuperblock) opening.fail("the file is truncated");
  const bool is_own_format = (start[8] == 2 || start[8] == 3) && start[9] == 8 && start[10] == 8;
  if (!is_own_format) opening.fail("the HDF5 file was not written by eustress");
  const std::uint64_t recorded_size = little_endian(std::span(start).subspan(28, 8));
  if (recorded_size > file_size) {
    opening.fail(
        fmt::format("the file is truncated: {} of {} bytes are there", file_size, recorded_size));
  }
  if (recorded_size < file_size) {
    opening.fail(fmt::format("the file is damaged: it has {} bytes, and {} were written", file_size,
                             recorded_size));
  }
}

std::optional<AttributeValue> NetcdfReader::State::read_value(const Task& task,
                                                              hid_t attribute) const {
  const Handle type = open_handle(task, H5Aget_type(attribute), H5Tclose);
  const Handle space = open_handle(task, H5Aget_space(attribute), H5Sclose);
  const auto elements =
      static_cast<std::uint64_t>(task.check(H5Sget_simple_extent_npoints(space.id())));
  const std::size_t element_size = H5Tget_size(type.id());
  if (element_size == 0 || elements == 0 || elements > file_size / element_size) {
    task.fail("an attribute is larger than the file");
  }
  if (H5Tget_class(type.id()) == H5T_STRING) {
    if (elements != 1 || task.check(H5Tis_variable_str(type.id())) > 0) return std::nullopt;
    std::string text(element_size, '\0');
    task.check(H5Aread(attribute, type.id(), text.data()));
    return text;
  }
  const std::optional<NumberType> numbers = recognised_type(type.id());
  if (!numbers) return std::nullopt;
  const auto read = [&]<class Number>(Number) -> AttributeValue {
    std::vector<Number> values(static_cast<std::size_t>(elements));
    task.check(H5Aread(attribute, memory_type<Number>(), values.data()));
    return values;
  };
  switch (*numbers) {
    case NumberType::float64:
    case NumberType::float32:
      return read(double{});
    case NumberType::uint64:
      return read(std::uint64_t{});
    case NumberType::int64:
    case NumberType::int32:
    case NumberType::int16:
      break;
  }
  return read(std::int64_t{});
}

/// Attributes of the reserved names hold references, which are not followed: their targets have no
/// checksums. The numbers of netCDF-4 for the dimensions say the same.
std::vector<Attribute> NetcdfReader::State::read_attributes(
    const Task& task, hid_t object, std::vector<std::int64_t>* dimension_numbers) const {
  H5O_info_t info{};
  task.check(H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS));
  std::vector<Attribute> found;
  for (hsize_t i = 0; i < info.num_attrs; ++i) {
    const Handle attribute = open_handle(
        task,
        H5Aopen_by_idx(object, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT),
        H5Aclose);
    const std::string name = name_by(task, [&](char* buffer, std::size_t size) {
      return H5Aget_name(attribute.id(), size, buffer);
    });
    if (is_reserved(name)) continue;
    std::optional<AttributeValue> value = read_value(task, attribute.id());
    if (!value)
      task.fail(fmt::format("attribute '{}' is not of a type that eustress writes", name));
    if (name == kDimensionNumber || name == kDimensionNumbers) {
      if (dimension_numbers != nullptr &&
          std::holds_alternative<std::vector<std::int64_t>>(*value)) {
        *dimension_numbers = std::get<std::vector<std::int64_t>>(*value);
      }
      continue;
    }
    found.push_back({name, *std::move(value)});
  }
  return found;
}

NetcdfReader::Content NetcdfReader::State::describe(const Task& task, const std::string& name,
                                                    std::vector<std::int64_t>& dimension_numbers) {
  const Handle object = open_handle(task, H5Oopen(file.id(), name.c_str(), H5P_DEFAULT), H5Oclose);
  if (H5Iget_type(object.id()) != H5I_DATASET) task.fail("it is not a variable");
  const Handle type = open_handle(task, H5Dget_type(object.id()), H5Tclose);
  const std::optional<NumberType> numbers = recognised_type(type.id());
  if (!numbers) task.fail("it is not of a type that eustress writes");
  const Handle space = open_handle(task, H5Dget_space(object.id()), H5Sclose);
  const int rank = task.check(H5Sget_simple_extent_ndims(space.id()));
  if (rank == 0) task.fail("it has no dimension");
  std::vector<hsize_t> lengths(static_cast<std::size_t>(rank));
  task.check(H5Sget_simple_extent_dims(space.id(), lengths.data(), nullptr));

  // Only what lies in this file, uncompressed: no size may be larger than what is really there.
  const Handle layout = open_handle(task, H5Dget_create_plist(object.id()), H5Pclose);
  const bool is_plain = H5Pget_layout(layout.id()) == H5D_CONTIGUOUS &&
                        task.check(H5Pget_external_count(layout.id())) == 0;
  if (!is_plain) task.fail("its layout is not the one that eustress writes");
  std::uint64_t bytes = size_of(*numbers);
  for (const hsize_t length : lengths) {
    if (length == 0 || length > file_size / bytes) task.fail("it is larger than the file");
    bytes *= length;
  }
  const haddr_t offset = H5Dget_offset(object.id());
  if (offset == HADDR_UNDEF || offset > file_size || bytes > file_size - offset) {
    task.fail("its place lies outside of the file");
  }
  Content content{name, *numbers, {}, {lengths.begin(), lengths.end()}, {}, offset};
  content.attributes = read_attributes(task, object.id(), &dimension_numbers);
  if (dimension_numbers.size() != lengths.size()) task.fail("its dimensions are not named");
  return content;
}

void NetcdfReader::State::open() {
  silence_library();
  const Task opening = task("read");
  try {
    disk.emplace(path, File::Mode::read);
    file_size = disk->size();
  } catch (const Error& error) {
    throw Error(ErrorKind::input, error.what());
  }
  examine_start();

  const Handle access = open_handle(opening, H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  opening.check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG));
  // Without locks: published files never change, and not every file system has them.
  const DiskDriverInfo info{&*disk, file_size};
  opening.check(H5Pset_driver(access.id(), disk_driver(opening), &info));
  file = open_handle(opening, H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
  const Handle root = open_handle(opening, H5Gopen2(file.id(), "/", H5P_DEFAULT), H5Gclose);
  attributes = read_attributes(opening, root.id(), nullptr);

  H5G_info_t group{};
  opening.check(H5Gget_info(root.id(), &group));
  std::vector<std::vector<std::int64_t>> numbers_of_variables;
  std::map<std::int64_t, std::string> dimension_names;
  for (hsize_t i = 0; i < group.nlinks; ++i) {
    const std::string name = name_by(opening, [&](char* buffer, std::size_t size) {
      return H5Lget_name_by_idx(root.id(), ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, buffer, size,
                                H5P_DEFAULT);
    });
    const Task describing = task(fmt::format("read '{}' of", name));
    H5L_info_t link{};
    describing.check(H5Lget_info(root.id(), name.c_str(), &link, H5P_DEFAULT));
    if (link.type != H5L_TYPE_HARD) describing.fail("it is a link to somewhere else");
    std::vector<std::int64_t> numbers;
    variables.push_back(describe(describing, name, numbers));
    // A coordinate variable is the only kind with one dimension of its own name.
    const Handle object =
        open_handle(describing, H5Oopen(root.id(), name.c_str(), H5P_DEFAULT), H5Oclose);
    if (describing.check(H5Aexists(object.id(), kDimensionNumber)) > 0) {
      dimension_names.emplace(numbers.front(), name);
    }
    numbers_of_variables.push_back(std::move(numbers));
  }
  for (std::size_t v = 0; v < variables.size(); ++v) {
    for (std::size_t d = 0; d < variables[v].shape.size(); ++d) {
      const auto dimension = dimension_names.find(numbers_of_variables[v][d]);
      const Task naming = task(fmt::format("read '{}' of", variables[v].name));
      if (dimension == dimension_names.end()) naming.fail("one of its dimensions is missing");
      const auto scale = std::ranges::find(variables, dimension->second, &Content::name);
      if (scale->shape.front() != variables[v].shape[d]) {
        naming.fail(fmt::format("it does not fit its dimension '{}'", dimension->second));
      }
      variables[v].dimensions.push_back(dimension->second);
    }
  }
}

std::uint64_t NetcdfReader::Content::elements() const {
  std::uint64_t product = 1;
  for (const std::uint64_t length : shape) product *= length;
  return product;
}

NetcdfReader::NetcdfReader(std::string path) : state_(std::make_unique<State>()) {
  state_->path = std::move(path);
  state_->open();
}

NetcdfReader::~NetcdfReader() = default;

const std::string& NetcdfReader::path() const noexcept {
  return state_->path;
}
const std::vector<Attribute>& NetcdfReader::attributes() const noexcept {
  return state_->attributes;
}
const std::vector<NetcdfReader::Content>& NetcdfReader::variables() const noexcept {
  return state_->variables;
}

const NetcdfReader::Content* NetcdfReader::find(std::string_view variable) const noexcept {
  const auto found = std::ranges::find(state_->variables, variable, &Content::name);
  return found == state_->variables.end() ? nullptr : &*found;
}

std::vector<double> NetcdfReader::read(std::string_view variable) const {
  const Content* content = find(variable);
  return read(variable, 0, content == nullptr ? 0 : content->shape.front());
}

std::vector<double> NetcdfReader::read(std::string_view variable, std::uint64_t start,
                                       std::uint64_t count) const {
  std::vector<std::uint64_t> starts, counts;
  if (const Content* content = find(variable)) {
    starts.assign(content->shape.size(), 0);
    counts = content->shape;
    starts.front() = start;
    counts.front() = count;
  }
  return read(variable, starts, counts);
}

std::vector<double> NetcdfReader::read(std::string_view variable,
                                       std::span<const std::uint64_t> starts,
                                       std::span<const std::uint64_t> counts) const {
  const Task reading = state_->task(fmt::format("read '{}' of", variable));
  const Content* content = find(variable);
  if (content == nullptr) reading.fail("there is no variable of that name");
  if (starts.size() != content->shape.size() || counts.size() != content->shape.size()) {
    reading.fail(fmt::format("it has {} dimensions, and a box of {} was asked for",
                             content->shape.size(), starts.size()));
  }
  hsize_t elements = 1;
  for (std::size_t d = 0; d < content->shape.size(); ++d) {
    const std::uint64_t length = content->shape[d];
    if (starts[d] > length || counts[d] > length - starts[d]) {
      reading.fail(fmt::format("it has {} rows, and {} from row {} on were asked for", length,
                               counts[d], starts[d]));
    }
    elements *= counts[d];
  }
  if (elements == 0) return {};
  const Handle dataset = open_handle(
      reading, H5Dopen2(state_->file.id(), content->name.c_str(), H5P_DEFAULT), H5Dclose);
  const Handle space = open_handle(reading, H5Dget_space(dataset.id()), H5Sclose);
  const std::vector<hsize_t> first(starts.begin(), starts.end());
  const std::vector<hsize_t> lengths(counts.begin(), counts.end());
  reading.check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, first.data(), nullptr,
                                    lengths.data(), nullptr));
  const Handle memory = open_handle(reading, H5Screate_simple(1, &elements, nullptr), H5Sclose);
  std::vector<double> values(static_cast<std::size_t>(elements));
  reading.check(H5Dread(dataset.id(), H5T_NATIVE_DOUBLE, memory.id(), space.id(), H5P_DEFAULT,
                        values.data()));
  return values;
}

std::string NetcdfReader::data_sha256() const {
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
  const File& file = *state_->disk;
  Sha256 digest;
  std::vector<std::byte> bytes;
  for (const Content& variable : state_->variables) {
    const std::uint64_t end = variable.offset + variable.elements() * size_of(variable.type);
    for (std::uint64_t offset = variable.offset; offset < end; offset += kPiece) {
      bytes.resize(static_cast<std::size_t>(std::min(kPiece, end - offset)));
      file.read_at(offset, bytes);
      digest.add(bytes);
    }
  }
  return digest.finish();
}

}  // namespace eustress::io
