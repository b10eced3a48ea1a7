# Two commands matter: `make demo` and `make test`. Each installs what is missing first.

SWIFT ?= swift
FLAGS = --explicit-target-dependency-import-check error
PACKAGES = libcurl4-openssl-dev libre2-dev libsimdjson-dev libsqlite3-dev pkg-config python3-aiosmtpd
# Servers that tests run against, each started by its test in a folder of its own; without them those tests are skipped.
PEERS = postfix prometheus-alertmanager
export SWIFT_BACKTRACE = enable=no

.PHONY: demo test build release benchmark fuzz soak lint format packages peers clean

demo: release ## run the main job on this machine alone: no account, no network
	@.build/release/tocsin demo

test: packages $(if $(CI),peers .build/python/standardwebhooks) lint ## everything that must hold
	$(SWIFT) build --build-tests $(FLAGS)
	$(SWIFT) test --skip-build $(FLAGS) --skip 'SimulationTests|KillTests' </dev/null
	$(SWIFT) test --skip-build $(FLAGS) --filter KillTests </dev/null
	$(SWIFT) test --skip-build $(FLAGS) --filter SimulationTests </dev/null

build: packages ## a debug build
	$(SWIFT) build $(FLAGS)

release: packages ## the program as it is shipped: .build/release/tocsin
	$(SWIFT) build -c release $(FLAGS) --product tocsin

benchmark: packages ## how fast it is, beside other engines: Benchmarks/README.md
	$(SWIFT) build -c release $(FLAGS) --product Benchmarks
	python3 Benchmarks/compare.py
	.build/release/Benchmarks text
	.build/release/Benchmarks reply
	.build/release/Benchmarks compile

soak: packages ## a minute of kill -9 while every service fails: all channels, hundreds of alerts
	$(SWIFT) build --build-tests $(FLAGS)
	TOCSIN_SOAK=200 $(SWIFT) test --skip-build $(FLAGS) --filter KillTests </dev/null

lint: ## the format, strictly
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks

format: ## put the format right
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

fuzz: packages ## a minute of fuzzing of the rule language; Tests/CELFuzzing/run.sh takes options
	Tests/CELFuzzing/run.sh

# policy-rc.d keeps the daemons that come along from being started.
packages: ## the system's libraries, where apt is at hand and something is missing
	@command -v $(SWIFT) >/dev/null || { echo "tocsin needs a Swift 6.3 toolchain: https://www.swift.org/install"; exit 1; }
	@if command -v dpkg-query >/dev/null && \
	  dpkg-query -W -f '$${Status}\n' $(PACKAGES) 2>&1 | grep -qv 'install ok installed'; then \
	  echo "installing: $(PACKAGES)"; \
	  sudo=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$sudo apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $(PACKAGES) >/dev/null; \
	fi

peers: ## real servers for the tests to run against: installed, never set up or started as services
	@if command -v dpkg-query >/dev/null && \
	  dpkg-query -W -f '$${Status}\n' $(PEERS) 2>&1 | grep -qv 'install ok installed'; then \
	  echo "installing: $(PEERS)"; \
	  sudo=$$(test "$$(id -u)" = 0 || echo sudo); \
	  echo "postfix postfix/main_mailer_type select No configuration" | $$sudo debconf-set-selections; \
	  $$sudo sh -c 'no=/usr/sbin/policy-rc.d; test -e $$no || { \
	      trap "rm -f $$no" EXIT; printf "#!/bin/sh\nexit 101\n" >$$no; chmod 755 $$no; }; \
	    apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove $(PEERS) >/dev/null' || \
	  echo "not installed; tests that need them are skipped"; \
	fi

.build/python/standardwebhooks: ## a Standard Webhooks library, for its test alone
	@mkdir -p .build && python3 -m pip install -q --disable-pip-version-check --no-deps \
	  --target .build/python standardwebhooks==1.1.0 >/dev/null 2>&1 || \
	  echo "standardwebhooks is not to be had: its test is skipped"

clean: ## forget every build
	rm -rf .build
