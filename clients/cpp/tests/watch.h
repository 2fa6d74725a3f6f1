// A thread that may do nothing but compute.
#pragma once

#include <cstdint>
#include <functional>

/// What a thread did between watch(true) and watch(false) that an audio thread must not.
struct Misdeeds {
  std::int64_t allocations = 0;  ///< Memory that was asked for or given back.
  std::int64_t locks = 0;        ///< Mutexes that were locked or tried.
};

/// Begins or ends counting what this thread does.
void watch(bool on);

/// What was counted, by all threads that were watched.
Misdeeds misdeeds();

/// Runs something on a thread of its own whose first system call kills the whole process (SIGSYS); returns when it is
/// over. What it allocates and locks is counted.
void run_without_system_calls(const std::function<void()>& deed);
