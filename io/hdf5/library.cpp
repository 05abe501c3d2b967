#include "io/hdf5/library.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace eustress::io {
namespace {

struct NumberTypeRow {
  NumberType type;
  std::size_t size;
  H5T_class_t type_class;
  bool is_signed;
};
constexpr std::array kNumberTypes = {
    NumberTypeRow{NumberType::float64, 8, H5T_FLOAT, true},
    NumberTypeRow{NumberType::float32, 4, H5T_FLOAT, true},
    NumberTypeRow{NumberType::int64, 8, H5T_INTEGER, true},
    NumberTypeRow{NumberType::uint64, 8, H5T_INTEGER, false},
    NumberTypeRow{NumberType::int32, 4, H5T_INTEGER, true},
    NumberTypeRow{NumberType::int16, 2, H5T_INTEGER, true},
};

}  // namespace

std::string take_library_message() {
  std::vector<std::string> messages;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_DOWNWARD,
      [](unsigned, const H5E_error2_t* entry, void* collected) -> herr_t {
        auto& texts = *static_cast<std::vector<std::string>*>(collected);
        const std::string text = entry->desc == nullptr ? "" : entry->desc;
        if (!text.empty() && (texts.empty() || texts.back() != text)) texts.push_back(text);
        return 0;
      },
      &messages);
  H5Eclear2(H5E_DEFAULT);
  if (messages.empty()) return "no reason given";
  std::string text;
  for (const std::string& message : messages) text += (text.empty() ? "" : ": ") + message;
  return text;
}

void silence_library() {
  static const bool silent = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
  if (!silent) throw Error(ErrorKind::internal, "HDF5 could not be initialised");
}

H5FD_class_t driver_class(const char* name, std::size_t info_size) {
  H5FD_class_t driver{};
  driver.name = name;
  driver.maxaddr = (haddr_t{1} << 62) - 1;
  driver.fc_degree = H5F_CLOSE_STRONG;
  driver.fapl_size = info_size;
  const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
  std::ranges::copy(map, driver.fl_map);
  return driver;
}

hid_t file_type(NumberType type) {
  switch (type) {
    case NumberType::float64:
      return H5T_IEEE_F64LE;
    case NumberType::float32:
      return H5T_IEEE_F32LE;
    case NumberType::int64:
      return H5T_STD_I64LE;
    case NumberType::uint64:
      return H5T_STD_U64LE;
    case NumberType::int32:
      return H5T_STD_I32LE;
    case NumberType::int16:
      return H5T_STD_I16LE;
  }
  return H5I_INVALID_HID;
}

std::optional<NumberType> recognised_type(hid_t type) {
  const H5T_class_t type_class = H5Tget_class(type);
  const std::size_t size = H5Tget_size(type);
  for (const NumberTypeRow& row : kNumberTypes) {
    const bool is_signed = type_class != H5T_INTEGER || H5Tget_sign(type) == H5T_SGN_2;
    if (row.type_class == type_class && row.size == size && row.is_signed == is_signed) {
      return row.type;
    }
  }
  return std::nullopt;
}

std::size_t size_of(NumberType type) {
  for (const NumberTypeRow& row : kNumberTypes) {
    if (row.type == type) return row.size;
  }
  return 0;
}

}  // namespace eustress::io
