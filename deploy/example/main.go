// Command example is a client to begin with: a city's business system that pushes a record of its township
// and follows what is published, from the position at which it stopped last time.
//
//	gongkai token --data DIR --role system --organization 652701201 > token
//	go run ./deploy/example --address 127.0.0.1:8081 --token-file token --organization 652701201 --position position
//
// The role system is the narrowest that may write and publish records below one organisation; whoever only
// follows needs no token at all. Run it twice: the record is not entered again, since its request ids are the
// same, and only what is new in the feed is printed.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

func main() {
	address := flag.String("address", "127.0.0.1:8081", "gRPC address of the suite")
	tokenFile := flag.String("token-file", "", "file that holds the token")
	organization := flag.String("organization", "652701201", "code of the organisation whose record is pushed")
	position := flag.String("position", "position", "file that keeps how far the feed was followed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *address, *tokenFile, *organization, *position); err != nil {
		fmt.Fprintln(os.Stderr, "example:", explain(err))
		os.Exit(1)
	}
}

func run(ctx context.Context, address, tokenFile, organization, position string) error {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("connect to %s: %w", address, err)
	}
	defer conn.Close()
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return fmt.Errorf("read token: %w", err)
	}
	authorized := metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+strings.TrimSpace(string(token)), "accept-language", "en")
	if err := push(authorized, disclosurev1.NewDisclosureServiceClient(conn), organization); err != nil {
		return err
	}
	return follow(ctx, logv1.NewLogServiceClient(conn), position)
}

// push enters a record and publishes it. The request ids make both calls safe to repeat.
func push(ctx context.Context, client disclosurev1.DisclosureServiceClient, organization string) error {
	draft, err := client.CreateDisclosure(ctx, &disclosurev1.CreateDisclosureRequest{
		Parent: "organizations/" + organization, RequestId: "example-create-" + organization,
		Disclosure: &disclosurev1.Disclosure{
			Title: "示例：应急值守情况", Category: "emergency_management",
			Channels: []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_NOTICE_BOARD},
		},
	})
	if err != nil {
		return fmt.Errorf("create disclosure: %w", err)
	}
	published, err := client.PublishDisclosure(ctx, &disclosurev1.PublishDisclosureRequest{
		Name: draft.GetName(), PublishedOn: &date.Date{Year: 2018, Month: 12, Day: 31}, RequestId: "example-publish-" + organization,
	})
	if err != nil {
		return fmt.Errorf("publish %s: %w", draft.GetName(), err)
	}
	fmt.Printf("published %s as %s\n", published.GetName(), published.GetIndexNumber())
	return nil
}

// follow reads the feed of disclosures from the kept position to its present end, checks each opening
// against its commitment, and keeps the new position. A feed is followed for good in the same way: leave out
// the size at which this one stops.
func follow(ctx context.Context, client logv1.LogServiceClient, file string) error {
	start, err := readPosition(file)
	if err != nil {
		return err
	}
	end, err := client.GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: "logs/disclosure"})
	if err != nil {
		return fmt.Errorf("ask size of the log: %w", err)
	}
	if start >= end.GetSize() {
		fmt.Printf("nothing new after entry %d\n", start)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	stream, err := client.WatchEntries(ctx, &logv1.WatchEntriesRequest{Parent: "logs/disclosure", Start: start, Decode: true})
	if err != nil {
		return fmt.Errorf("watch the log: %w", err)
	}
	counted := make(map[string]int)
	at := start
	for at < end.GetSize() {
		message, err := stream.Recv()
		if err != nil {
			return fmt.Errorf("watch the log at %d: %w", at, err)
		}
		for _, e := range message.GetEntries() {
			if err := checkOpening(e); err != nil {
				return err
			}
			counted[e.GetEntry().GetKind()]++
		}
		at = message.GetSize()
	}
	for kind, n := range counted {
		if kind == "" {
			kind = "withheld (not public)"
		}
		fmt.Printf("%6d %s\n", n, kind)
	}
	fmt.Printf("followed from %d to %d\n", start, at)
	return os.WriteFile(file, []byte(strconv.FormatInt(at, 10)+"\n"), 0o600)
}

// checkOpening computes the commitment of an entry whose opening is public: SHA-256(salt ‖ payload).
func checkOpening(e *logv1.LogEntry) error {
	if len(e.GetSalt()) == 0 {
		return nil
	}
	sum := sha256.Sum256(append(bytes.Clone(e.GetSalt()), e.GetPayload()...))
	if !bytes.Equal(sum[:], e.GetCommitment()) {
		return fmt.Errorf("entry %d does not fit its commitment", e.GetIndex())
	}
	return nil
}

func readPosition(file string) (int64, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read position: %w", err)
	}
	at, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read position: %w", err)
	}
	return at, nil
}

// explain shows an error as the suite types it: the reason to act on, and the text for a person.
func explain(err error) string {
	text := err.Error()
	for _, d := range status.Convert(err).Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			text += "\n  reason: " + d.GetReason()
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				text += "\n  field " + v.GetField() + ": " + v.GetDescription()
			}
		case *errdetails.LocalizedMessage:
			text += "\n  " + d.GetMessage()
		}
	}
	return text
}
