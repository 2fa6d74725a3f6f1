// Tempo prints how fast a sound is: SAMPLEMIND_KEY=sm_... tempo SERVER FILE
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"samplemind"
)

func main() {
	client, err := samplemind.New(os.Args[1], samplemind.WithAPIKey(os.Getenv("SAMPLEMIND_KEY")))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	ctx := context.Background()
	sent, err := client.UploadFile(ctx, os.Args[2])
	if refusal, ok := errors.AsType[*samplemind.Error](err); ok && refusal.Reason == "TOO_LARGE" {
		log.Fatal("Cut it first. ", refusal.Message)
	}
	if err != nil {
		log.Fatal(err)
	}
	for update, err := range client.Analyze(ctx, sent.Audio.GetId()) {
		if err != nil {
			log.Fatal(err)
		}
		for _, found := range update.GetResult().GetDescriptors() {
			if found.GetName() == "tempo.bpm" && found.GetValue() != nil {
				fmt.Println(found.GetValue().GetNumber(), found.GetUnit())
			}
		}
	}
}
