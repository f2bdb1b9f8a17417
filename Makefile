# Everything one does with cauce. "make" alone lists it.

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME ?= 30s

.PHONY: help run demo test build check format vet staticcheck generated race e2e crash fuzz bench corpora

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: ## start the daemon on config.example.yaml
	go run ./cmd/cauce serve --config config.example.yaml

demo: ## play the life of an incident and show every mail
	@go run ./cmd/cauce demo

test: ## run the tests; needs nothing but Go
	go test ./...

build: ## make bin/cauce
	go build -o bin/cauce ./cmd/cauce

check: format vet staticcheck generated race ## what must hold before every commit; needs gcc

format:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these"; exit 1; }

vet:
	go vet ./...
	go vet -tags e2e ./test/e2e
	go vet -tags crash ./test/crash
	go vet -tags corpora ./parser

staticcheck:
	go run $(STATICCHECK) ./...

generated: ## regenerate what is generated, and fail if it was stale
	go generate ./...
	git diff --exit-code -- docs config.example.yaml

race:
	go test -race -shuffle=on ./...

e2e: build ## among real peers: Postfix, ClamAV, opendkim, SpamAssassin, Chromium …; .ci/run installs them
	go test -tags e2e -count=1 ./test/e2e

crash: build ## kill -9 under load: no mail lost, none doubled
	go test -tags crash -count=1 ./test/crash

fuzz: ## every fuzz target for FUZZTIME each
	@for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
	  done; \
	done

bench: ## figures, as ratios within one run; bench/ is a module of its own
	go test -run '^$$' -bench . -benchtime 1s ./store/bolt ./parser
	cd bench && go test -bench . -benchtime 1s

corpora: build ## read the mail corpora beside the checkout and count what is read right
	@go run ./test/corpora
	@go test -tags corpora -count=1 ./parser -run TestClients
