// The ring of a tap: what comes out of it is what went in, under its number, on one thread and between two.

#include <array>
#include <vector>

#include "check.h"
#include "samplemind/audio_ring.h"

using samplemind::AudioRing;
using samplemind::AudioRun;

namespace {

constexpr std::size_t kChannels = 2;

float sample(std::uint64_t frame, std::size_t channel) {
  return static_cast<float>(frame % (1 << 20)) + static_cast<float>(channel) * 0.5F;
}

std::vector<float> block(std::uint64_t first, std::size_t frames) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < frames; ++i) {
    for (std::size_t channel = 0; channel < kChannels; ++channel) samples.push_back(sample(first + i, channel));
  }
  return samples;
}

bool is_right(const std::vector<float>& samples, AudioRun run) {
  for (std::size_t i = 0; i < run.frames * kChannels; ++i) {
    if (samples[i] != sample(run.frame + i / kChannels, i % kChannels)) return false;
  }
  return true;
}

void what_is_pushed_is_popped_also_across_the_end() {
  AudioRing ring(8, kChannels);
  std::vector<float> out(8 * kChannels);
  for (std::uint64_t frame = 0; frame < 100; frame += 5) {
    CHECK(ring.push(block(frame, 5).data(), 5));
    const AudioRun run = ring.pop(out.data(), 8);
    CHECK(run.frame == frame && run.frames == 5 && is_right(out, run));
  }
  CHECK(ring.pop(out.data(), 8).frames == 0);
  CHECK(ring.dropped() == 0 && ring.offered() == 100);
}

void planes_are_interleaved() {
  AudioRing ring(8, kChannels);
  const std::array<float, 5> left{0, 1, 2, 3, 4}, right{0.5F, 1.5F, 2.5F, 3.5F, 4.5F};
  const std::array<const float*, 2> planes{left.data(), right.data()};
  CHECK(ring.push(planes.data(), 5));
  std::vector<float> out(8 * kChannels);
  const AudioRun run = ring.pop(out.data(), 8);
  CHECK(run.frames == 5 && is_right(out, run));
}

void a_block_without_room_is_dropped_whole_and_told_by_the_numbers() {
  AudioRing ring(8, kChannels);
  CHECK(ring.push(block(0, 6).data(), 6));
  CHECK(!ring.push(block(6, 6).data(), 6));
  CHECK(!ring.push(block(12, 6).data(), 6));
  CHECK(ring.dropped() == 12 && ring.offered() == 18 && ring.waiting() == 6);
  std::vector<float> out(8 * kChannels);
  AudioRun run = ring.pop(out.data(), 4);
  CHECK(run.frame == 0 && run.frames == 4);
  CHECK(ring.push(block(18, 6).data(), 6));
  run = ring.pop(out.data(), 8);
  CHECK(run.frame == 4 && run.frames == 2 && is_right(out, run));  // up to the gap
  run = ring.pop(out.data(), 8);
  CHECK(run.frame == 18 && run.frames == 6 && is_right(out, run));  // and behind it
}

void there_is_one_gap_at_a_time() {
  AudioRing ring(8, kChannels);
  std::vector<float> out(8 * kChannels);
  CHECK(ring.push(block(0, 8).data(), 8));
  CHECK(!ring.push(block(8, 4).data(), 4));
  ring.pop(out.data(), 4);
  CHECK(ring.push(block(12, 4).data(), 4));   // behind the first gap
  CHECK(!ring.push(block(16, 4).data(), 4));  // no room: a second one begins
  ring.pop(out.data(), 2);
  CHECK(!ring.push(block(20, 2).data(), 2));  // room, but the first gap was not passed yet
  ring.pop(out.data(), 8);
  CHECK(ring.pop(out.data(), 1).frame == 12);
  CHECK(ring.push(block(22, 2).data(), 2));
  CHECK(ring.pop(out.data(), 8).frame == 13);
  const AudioRun run = ring.pop(out.data(), 8);
  CHECK(run.frame == 22 && run.frames == 2 && is_right(out, run));
}

void a_first_block_may_be_dropped() {
  AudioRing ring(4, kChannels);
  CHECK(!ring.push(block(0, 5).data(), 5));
  CHECK(ring.push(block(5, 2).data(), 2));
  std::vector<float> out(8 * kChannels);
  const AudioRun run = ring.pop(out.data(), 8);
  CHECK(run.frame == 5 && run.frames == 2 && is_right(out, run));
}

/// One thread pushes blocks of all sizes; this one pops. `patient` says whether the pusher waits for room.
void pass(std::uint64_t frames, bool patient) {
  AudioRing ring(256, kChannels);
  std::thread pusher([&] {
    std::size_t size = 1;
    const std::vector<float> all = block(0, 1 << 20);
    for (std::uint64_t frame = 0; frame < frames; frame += size) {
      size = 1 + (size * 7 + 3) % 90;
      if (frame % (1 << 20) + size > 1 << 20) size = (1 << 20) - frame % (1 << 20);
      while (patient && ring.capacity() - ring.waiting() < size) std::this_thread::yield();
      ring.push(&all[frame % (1 << 20) * kChannels], size);
    }
  });
  std::vector<float> out(100 * kChannels);
  std::uint64_t next = 0, came = 0;
  while (ring.waiting() > 0 || ring.offered() < frames) {
    const AudioRun run = ring.pop(out.data(), 100);
    CHECK(run.frames == 0 || run.frame >= next);
    CHECK(!patient || run.frames == 0 || run.frame == next);
    CHECK(is_right(out, run));
    if (run.frames == 0) std::this_thread::yield();
    if (run.frames > 0) next = run.frame + run.frames;
    came += run.frames;
  }
  pusher.join();
  CHECK(came + ring.dropped() == ring.offered());
  CHECK(!patient || ring.dropped() == 0);
}

void all_comes_in_order_between_two_threads() { pass(1'000'000, true); }

void what_comes_is_right_where_blocks_are_dropped() { pass(1'000'000, false); }

}  // namespace

int main() {
  RUN(what_is_pushed_is_popped_also_across_the_end);
  RUN(planes_are_interleaved);
  RUN(a_block_without_room_is_dropped_whole_and_told_by_the_numbers);
  RUN(there_is_one_gap_at_a_time);
  RUN(a_first_block_may_be_dropped);
  RUN(all_comes_in_order_between_two_threads);
  RUN(what_comes_is_right_where_blocks_are_dropped);
}
