package samplemind

import (
	"os"
	"strings"
	"testing"
)

func TestTheReadmeShowsAProgramThatCompiles(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("examples/tempo/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```go\n"+string(program)+"```\n") {
		t.Error("README.md shows another examples/tempo/main.go")
	}
}
