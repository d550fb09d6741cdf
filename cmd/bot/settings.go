package main

import (
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"experthour/internal/config"
)

// configFlag is the flag of every command that speaks to a configured store.
func configFlag(c *cobra.Command, file *string) {
	c.Flags().StringVar(file, "config", "config.toml", "configuration file; config.example.toml explains every key")
}

func loadConfig(file string) (config.Config, error) {
	cfg, err := config.Load(file, kinds)
	if err != nil {
		return cfg, fmt.Errorf("configuration: %w", err)
	}
	return cfg, nil
}

// publicURL is where people reach the program: what the configuration says, else
// the address that it listens on.
func publicURL(cfg config.Config, listen string) string {
	if cfg.HTTP.PublicURL != "" {
		return cfg.HTTP.PublicURL
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://" + listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
