#include "core/text/error_list.hpp"

#include <utility>

namespace eustress {

void ErrorList::add(std::string message) {
  if (count_ < kShown) messages_.push_back(std::move(message));
  ++count_;
}

std::string ErrorList::text() const {
  std::string out;
  for (const std::string& message : messages_) {
    if (!out.empty()) out += '\n';
    out += message;
  }
  if (count_ > kShown) out += "\n... and " + std::to_string(count_ - kShown) + " more";
  return out;
}

void ErrorList::throw_if_any(ErrorKind kind) const {
  if (!empty()) throw Error(kind, text());
}

}  // namespace eustress
