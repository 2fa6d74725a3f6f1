// Claims that a test makes.
#pragma once

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

/// Ends the test where the claim does not hold.
#define CHECK(claim)                                                                       \
  do {                                                                                     \
    if (!(claim)) {                                                                        \
      std::cerr << __FILE__ << ':' << __LINE__ << ": does not hold: " #claim << std::endl; \
      std::_Exit(1);                                                                       \
    }                                                                                      \
  } while (false)

/// The same where the claim may come true within a minute.
#define CHECK_SOON(claim)                                                           \
  do {                                                                              \
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60); \
    while (!(claim) && std::chrono::steady_clock::now() < until)                    \
      std::this_thread::sleep_for(std::chrono::milliseconds(1));                    \
    CHECK(claim);                                                                   \
  } while (false)

/// Runs a test and says its name.
#define RUN(test)                          \
  do {                                     \
    std::cout << #test "..." << std::endl; \
    test();                                \
  } while (false)
