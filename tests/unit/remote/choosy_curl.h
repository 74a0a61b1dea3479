// What the tests turn in choosy_curl, a libcurl that sends nothing and takes every option but one.
#pragma once

struct ChoosyCurl {
  int refused_option = 0;  ///< a CURLoption; 0: none
  int requests = 0;
};
