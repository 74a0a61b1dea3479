#include "model/pattern.h"

namespace ddbplan::model {

std::string to_string(const Aggregate& aggregate) {
  using Function = Aggregate::Function;
  switch (aggregate.function) {
    case Function::count:
      return "count";
    case Function::sum:
      return "sum " + aggregate.attribute;
    case Function::min:
      return "min " + aggregate.attribute;
    case Function::max:
      return "max " + aggregate.attribute;
    case Function::average:
      return "average " + aggregate.attribute;
  }
  return {};
}

}  // namespace ddbplan::model
