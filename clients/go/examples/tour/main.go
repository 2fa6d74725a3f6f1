// Tour does all that the client can do with one sound, and prints one JSON
// object a line.
//
//	tour SERVER EMAIL PASSWORD FILE.wav
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"

	"samplemind"
	pb "samplemind/samplemindv1"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: tour SERVER EMAIL PASSWORD FILE.wav")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// tour is what the steps know of each other.
type tour struct {
	client                        *samplemind.Client
	server, email, password, path string

	audio *pb.Audio // the sound, once it is sent
	bpm   float64   // its tempo, once it is heard
	token string    // the access token that was the last one
}

// run takes the steps in turn, until one cannot be taken.
func run(ctx context.Context, server, email, password, path string) error {
	client, err := samplemind.New(server)
	if err != nil {
		return err
	}
	defer client.Close()
	t := &tour{client: client, server: server, email: email, password: password, path: path}
	steps := []func(context.Context) error{
		t.refused, t.login, t.upload, t.again, t.analyze, t.events, t.list, t.search, t.live,
		t.missing, t.wrong, t.wait, t.renewed, t.logout, t.ended,
	}
	for _, take := range steps {
		if err := take(ctx); err != nil {
			return err
		}
	}
	return nil
}

// say prints a step as a line; standard output is not buffered.
func say(line any) error {
	writer := json.NewEncoder(os.Stdout)
	writer.SetEscapeHTML(false)
	return writer.Encode(line)
}
