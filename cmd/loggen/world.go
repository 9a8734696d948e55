package main

import (
	"math"
	"math/rand/v2"
	"strconv"
)

// The world is the installation whose logs are written: apps, operations,
// hosts. It does not depend on the seed, so that logs of several runs and
// kinds fit together.

// An app is an app with its key in the console.
type app struct{ id, product string }

var apps = [...]app{
	{"84EFA9A281942", "MOBILE_BANK"},
	{"84EFA9A301127", "MOBILE_BANK_PAD"},
	{"570DA89C20958", "WEALTH"},
	{"570DA89C31846", "MERCHANT"},
	{"3A1E7F0B51033", "CITY_CARD"},
	{"3A1E7F0B62217", "METRO"},
	{"C09B44D170561", "INSURANCE"},
	{"ANTCLOUD80001", "ANT_CLOUD_APP"},
}

var workspaces = [...]string{"default", "default", "default", "default", "default", "product", "pre", "test"}

// A protocol is the way in which the gateway calls the business system.
type protocol uint8

const (
	viaHTTP protocol = iota
	viaMPC
	viaDubbo
)

// An operation is an API of the gateway.
type operation struct {
	name    string
	app     app
	ws      string
	system  string // name of the business system, "-" if none is given
	host    string // where the business system listens
	proto   protocol
	service string // Java interface behind it
	method  string
	median  int // milliseconds
}

const operationCount = 400

// victim is the operation that the incident hits.
const victim = 3

var operations = makeOperations()

func makeOperations() []operation {
	// The first names are those of the public pages.
	names := []string{
		"alipay.mcdp.space.initSpaceInfo", "alipay.client.getUnionResource",
		"com.alipay.gateway.test", "com.demo.bank.transfer.submit",
	}
	domains := []string{
		"account", "transfer", "bill", "card", "loan", "fund", "coupon", "order",
		"message", "user", "login", "risk", "merchant", "insurance", "metro", "weather",
		"points", "address", "feedback", "config",
	}
	verbs := []string{
		"query", "list", "detail", "submit", "confirm", "cancel", "create", "update", "remove", "check",
		"precheck", "sign", "unsign", "count", "history", "refresh", "bind", "unbind", "sendSms", "verify",
	}
	for _, v := range verbs {
		for _, d := range domains {
			names = append(names, "com.demo.bank."+d+"."+v)
		}
	}
	systems := []string{"-", "-", "usercenter", "tradecore", "acctcenter", "-", "promocore", "msgcenter"}
	ops := make([]operation, operationCount)
	for i := range ops {
		h := mix(uint64(i) + 77)
		domain := domains[(i+len(domains)-4)%len(domains)]
		if i < 4 {
			domain = "transfer"
		}
		title := string(domain[0]-'a'+'A') + domain[1:]
		o := operation{
			name:    names[i],
			app:     apps[h%uint64(len(apps))],
			ws:      workspaces[h>>8%uint64(len(workspaces))],
			system:  systems[h>>16%uint64(len(systems))],
			proto:   protocol(h >> 24 % 3),
			host:    domain + ".biz.demo-bank.example",
			service: "com.demo.bank." + domain + ".facade." + title + "Facade",
			method:  names[i][lastDot(names[i])+1:],
			median:  18 + int(h>>32%120),
		}
		if i == victim {
			o.proto, o.median = viaHTTP, 140
		}
		ops[i] = o
	}
	return ops
}

func lastDot(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return i
		}
	}
	return -1
}

// zipf picks operations: few are called often.
var zipf = makeZipf()

func makeZipf() []uint16 {
	const size = 1 << 14
	var total float64
	for i := range operationCount {
		total += math.Pow(float64(i+3), -1.05)
	}
	table := make([]uint16, 0, size)
	sum := 0.0
	for i := range operationCount {
		sum += math.Pow(float64(i+3), -1.05)
		for len(table) < size && float64(len(table)) < sum/total*size {
			table = append(table, uint16(i))
		}
	}
	for len(table) < size {
		table = append(table, operationCount-1)
	}
	return table
}

// A machine is a gateway host; its address opens the trace ids it makes.
type machine struct {
	hex string
	ip  string
	pid string
}

var machines = [...]machine{
	{"0a1d7667", "10.29.118.103", "20658"},
	{"0a1cfd40", "10.28.253.64", "22435"},
	{"0a1d75d1", "10.29.117.209", "12750"},
	{"0ad1348f", "10.209.52.143", "56696"},
	{"0a02d821", "10.2.216.33", "8553"},
	{"0a02d81a", "10.2.216.26", "4443"},
}

// brokenMachine is the host whose resolver fails in the afternoon, which the
// clients see as 4003.
const brokenMachine = 4

// appendTrace appends a trace id: the address of the host in hexadecimal, the
// time in milliseconds, a number from 1000 to 9000 that wraps, the process.
func appendTrace(b []byte, m *machine, ms int64, seq int) []byte {
	b = append(b, m.hex...)
	b = strconv.AppendInt(b, ms, 10)
	b = strconv.AppendInt(b, int64(1000+seq%8001), 10)
	return append(b, m.pid...)
}

// mix is the finaliser of splitmix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// weighted is a result code and how often it comes, among failures.
type weighted struct{ code, weight int }

// failures is the mix of failed calls outside the incident. 4003 and 7003
// have rules of their own; their weight here is a background.
var failures = []weighted{
	{4001, 220},
	{4002, 120},
	{4003, 2},
	{1002, 110},
	{6666, 190},
	{2000, 110},
	{3000, 28},
	{3001, 8},
	{3002, 26},
	{3003, 10},
	{1001, 16},
	{1005, 12},
	{5000, 30},
	{7000, 8},
	{7001, 18},
	{7002, 24},
	{7003, 4},
	{7007, 8},
	{7014, 22},
	{8002, 40},
	{6000, 18},
	{6001, 10},
	{6002, 10},
	{6003, 5},
	{6004, 16},
	{6005, 10},
	{6007, 5},
}

// codeTable spreads a mix over a table in which any entry is as likely.
func codeTable(mix []weighted) []int {
	var t []int
	for _, w := range mix {
		for range w.weight {
			t = append(t, w.code)
		}
	}
	return t
}

// serverCodes are all documented codes of gateway and business system.
var serverCodes = []int{
	1000, 1001, 1002, 1005, 2000, 3000, 3001, 3002, 3003, 4001, 4002, 4003, 5000,
	7000, 7001, 7002, 7003, 7007, 7014, 8002, 6000, 6001, 6002, 6003, 6004, 6005, 6007, 6666,
}

// reachedBusiness tells whether a call with this code got to the business
// system.
func reachedBusiness(code int) bool {
	return code == 1000 || code == 4001 || code == 4002 || code/1000 == 6
}

// pick returns one of s.
func pick[T any](r *rand.Rand, s []T) T { return s[r.IntN(len(s))] }

// chance is true with probability p.
func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }
