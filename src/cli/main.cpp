// ddbplan: compiles entities and access patterns into a DynamoDB single-table design.

#include "cli/app.h"

int main(int argc, char** argv) {
  return ddbplan::cli::run_program(argc, argv);
}
