# What one does here; `make` alone lists it. Whether a change may land, .ci/run says.
.DEFAULT_GOAL := help
.PHONY: help demo test bench fuzz lint generate figures release

SHELL := bash
TOOL := go tool -modfile=tools/go.mod
BENCH ?= .
FUZZTIME ?= 5s
BEFORE ?= c511bb0
ARCHES ?= amd64 arm64

help: ## list what one does here
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1:\2/p' $(MAKEFILE_LIST) | awk -F: '{ printf "%-16s%s\n", $$1, $$2 }'

demo: ## hold an expert hour with sample questions, in the browser
	go run ./cmd/bot demo

test: ## run the tests; without redis-server or Chromium some are left out
	go test ./...

bench: ## measure; BENCH=Telegram measures what has that in its name
	go test -run '^$$' -bench '$(BENCH)' ./...

fuzz: ## look for input that breaks something, FUZZTIME=5s for each fuzz test
	@.ci/fuzz $(FUZZTIME)

lint: ## look at the code with the tools of tools/, where the reasons stand
	@unformatted=$$(git ls-files '*.go' | xargs gofmt -l); [ -z "$$unformatted" ] || { echo "not formatted: $$unformatted"; exit 1; }
	go mod tidy -diff
	go -C tools mod tidy -diff
	go vet ./...
	$(TOOL) staticcheck ./...
	$(TOOL) errcheck -ignoretests -exclude tools/errcheck.txt ./...
	$(TOOL) revive -config tools/revive.toml -formatter plain -set_exit_status ./...

generate: ## write docs/states.md, THIRD-PARTY.md, tables of the README and the golden files anew, from what the program does
	go test $$(git grep -l 'flag.Bool("update"' -- 'internal/*_test.go' | xargs -n 1 dirname | sort -u | sed 's#^#./#') -update
	go test ./cmd/bot -run AbilitiesOfTheReadme -update
	go test . -run ThirdParty -update

figures: ## measure what all this is made of, beside commit BEFORE
	@before=$$(mktemp -d) && trap "rm -rf $$before" EXIT && git archive $(BEFORE) | tar x -C $$before \
		&& go run ./internal/figures $(BEFORE)=$$before now=.

release: ## build what is given away into dist/, for Linux on ARCHES: programs, lists of their parts, licences, sums
	rm -rf dist && mkdir dist
	cp LICENSE THIRD-PARTY.md config.example.toml dist
	set -e; for arch in $(ARCHES); do \
		bot=dist/bot-linux-$$arch; \
		CGO_ENABLED=0 GOOS=linux GOARCH=$$arch go build -trimpath -buildvcs=true -ldflags '-s -w' -o $$bot ./cmd/bot; \
		go version -m $$bot | grep -q vcs.revision= || { echo 'a release says its commit: make it in a clone, not in a work tree'; exit 1; }; \
		version=$$(go version -m $$bot | awk '$$1 == "mod" { print $$3 }'); \
		GOFLAGS=-trimpath $(TOOL) cyclonedx-gomod bin -json -std -noserial -notimestamp -version "$$version" \
			-output $$bot.cdx.json $$bot; \
	done
	cd dist && sha256sum -- * >SHA256SUMS
