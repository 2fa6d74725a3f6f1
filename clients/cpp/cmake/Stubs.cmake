# The stubs: made out of proto/ into build/stubs, by the protoc and the gRPC plugin of the libraries that they are built
# with. `cmake --build build --target stubs` makes them alone.

find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
set(stubs_folder ${CMAKE_CURRENT_BINARY_DIR}/stubs)
file(MAKE_DIRECTORY ${stubs_folder})

# Writes the sources of FILE, a .proto below FOLDER, and appends them to stubs_sources; ARGN is for the plugin.
function(make_stubs folder file)
  string(REGEX REPLACE "\\.proto$" "" name ${file})
  set(made ${stubs_folder}/${name}.pb.cc ${stubs_folder}/${name}.pb.h)
  if(ARGN)
    list(APPEND made ${stubs_folder}/${name}.grpc.pb.cc ${stubs_folder}/${name}.grpc.pb.h)
  endif()
  # lite: no reflection, which makes them a third as large
  add_custom_command(
    OUTPUT ${made}
    COMMAND protobuf::protoc --proto_path=${folder} --cpp_out=lite:${stubs_folder} ${ARGN} ${file}
    DEPENDS ${folder}/${file}
    COMMENT "Making the stubs of ${file}")
  set(stubs_sources ${stubs_sources} ${made} PARENT_SCOPE)
endfunction()

cmake_path(SET proto_folder NORMALIZE ${CMAKE_CURRENT_SOURCE_DIR}/../../proto)
file(GLOB proto_files RELATIVE ${proto_folder} CONFIGURE_DEPENDS ${proto_folder}/samplemind/v1/*.proto)
foreach(file ${proto_files})
  make_stubs(${proto_folder} ${file} --grpc_out=${stubs_folder} --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN})
endforeach()
make_stubs(${CMAKE_CURRENT_SOURCE_DIR}/proto error_details.proto)
add_custom_target(stubs DEPENDS ${stubs_sources})

# One compilation for all: most of its time goes into the headers of gRPC.
list(FILTER stubs_sources INCLUDE REGEX "\\.cc$")
add_library(messages STATIC ${stubs_sources})
set_target_properties(messages PROPERTIES OUTPUT_NAME samplemind_messages UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
target_include_directories(messages SYSTEM PUBLIC ${stubs_folder})
target_link_libraries(messages PUBLIC gRPC::grpc++ protobuf::libprotobuf)
target_compile_options(messages PRIVATE -O1)
add_dependencies(messages stubs)
