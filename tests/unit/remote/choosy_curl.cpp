#include "tests/unit/remote/choosy_curl.h"

#include <curl/curl.h>

// The names are libcurl's, whose macros around them check the types of arguments.
#undef curl_easy_setopt
#undef curl_easy_getinfo

extern "C" {

ChoosyCurl choosy_curl;

CURLcode curl_global_init(long /*flags*/) {
  return CURLE_OK;
}
CURL* curl_easy_init() {
  return &choosy_curl;
}
CURLcode curl_easy_setopt(CURL* /*handle*/, CURLoption option, ...) {
  return option == choosy_curl.refused_option ? CURLE_UNKNOWN_OPTION : CURLE_OK;
}
CURLcode curl_easy_perform(CURL* /*handle*/) {
  ++choosy_curl.requests;
  return CURLE_OK;
}
CURLcode curl_easy_getinfo(CURL* /*handle*/, CURLINFO /*what*/, ...) {
  return CURLE_OK;
}
void curl_easy_cleanup(CURL* /*handle*/) {}
const char* curl_easy_strerror(CURLcode /*code*/) {
  return "";
}
curl_slist* curl_slist_append(curl_slist* /*list*/, const char* /*text*/) {
  static curl_slist list = {};
  return &list;
}
void curl_slist_free_all(curl_slist* /*list*/) {}
}
