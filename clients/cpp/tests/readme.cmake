# The sample of the README is the program that is built. cmake -DFOLDER=... -P readme.cmake
file(READ ${FOLDER}/README.md readme)
file(READ ${FOLDER}/examples/first.cpp sample)
string(FIND "${readme}" "```cpp\n${sample}```" at)
if(at EQUAL -1)
  message(FATAL_ERROR "README.md does not hold examples/first.cpp as it is.")
endif()
