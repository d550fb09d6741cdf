package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"experthour/internal/session"
)

// Metrics counts what happens, without a label that could name a person or a
// question. Its methods may be called on nil, which counts nothing.
type Metrics struct {
	registry   *prometheus.Registry
	questions  *prometheus.CounterVec
	commands   *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	first      prometheus.Histogram
	requests   *prometheus.HistogramVec
}

// NewMetrics makes a registry of its own; readers says how many live readers are
// connected and may be nil.
func NewMetrics(readers func() int) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.questions = counter("questions_total", "Questions handed in, by where and by result.", "connector", "result")
	m.commands = counter("commands_total", "Commands by verb and result.", "verb", "result")
	m.deliveries = counter("deliveries_total", "Attempts to bring out a copy, by connector and outcome.", "connector", "outcome")
	m.first = prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: "first_answer_seconds",
		Help: "Time from asking to the first public answer.", Buckets: []float64{60, 120, 300, 600, 1200, 1800, 3600, 7200, 86400}})
	m.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: "http_request_seconds",
		Help: "HTTP requests by route.", Buckets: []float64{.001, .005, .02, .1, .5, 2, 10}}, []string{"route", "status"})
	m.registry.MustRegister(m.questions, m.commands, m.deliveries, m.first, m.requests,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if readers != nil {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: "live_readers",
			Help: "Readers connected for live updates."}, func() float64 { return float64(readers()) }))
	}
	return m
}

const namespace = "experthour"

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

// Handler answers GET /metrics on a listener that only operators reach.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}

// Question counts a question that a connector handed over.
func (m *Metrics) Question(c session.ConnectorID, added bool, err error) {
	if m == nil {
		return
	}
	r := result(err)
	if err == nil && !added {
		r = "again"
	}
	m.questions.WithLabelValues(string(c), r).Inc()
}

func (m *Metrics) asked(added bool, err error) { m.Question(session.Page, added, err) }

// Command counts a command and its result, and how long a question waited when it has
// just got its first public answer. It fits session.Service.Done.
func (m *Metrics) Command(v session.Verb, q session.Question, err error) {
	if m == nil {
		return
	}
	m.commands.WithLabelValues(string(v), result(err)).Inc()
	if wait, ok := q.FirstAnswered(v); ok && err == nil {
		m.first.Observe(wait.Seconds())
	}
}

// Delivery counts an attempt to bring out a copy: sent, refused, deferred or unsure.
func (m *Metrics) Delivery(c session.ConnectorID, outcome string) {
	if m != nil {
		m.deliveries.WithLabelValues(string(c), outcome).Inc()
	}
}

// Request fits site.Config.Observe.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	if m != nil {
		m.requests.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
	}
}

// results names the kinds of errors; a kind that is missing is "error".
var results = map[session.Kind]string{
	session.Invalid: "invalid", session.Forbidden: "forbidden", session.NotFound: "not_found", session.Already: "already",
	session.Stale: "stale", session.Refused: "refused", session.TooMany: "too_many", session.Unavailable: "unavailable",
}

func result(err error) string {
	if err == nil {
		return "ok"
	}
	if r, ok := results[session.KindOf(err)]; ok {
		return r
	}
	return "error"
}
