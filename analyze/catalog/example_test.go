package catalog_test

import (
	"fmt"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

func ExampleLookup() {
	e, ok := catalog.Lookup(parser.Key{Platform: parser.Server, Code: 4001})
	fmt.Println(ok, e.Title.In(catalog.EN), "/", e.Title.In(catalog.ZH))
	fmt.Println(e.Side, "->", e.Acts)
	// Output:
	// true Service request timeout / 服务请求超时
	// gateway -> business-system
}

// One number can mean several things; only the platform tells them apart.
func ExampleFind() {
	for _, e := range catalog.Find("3003") {
		fmt.Println(e.Platform, e.Title.EN)
	}
	for _, e := range catalog.Find("client_network_dns_error") {
		fmt.Println(e.Platform, e.Code, e.Title.EN)
	}
	// Output:
	// server Data decryption failed
	// ios Decryption error
	// android 16 DNS resolution error
}

// What a report says of a code that nobody has described.
func ExampleImplied() {
	key := parser.Key{Platform: parser.Server, Code: 6006}
	_, ok := catalog.Lookup(key)
	fmt.Println(ok, catalog.SideOf(key))
	fmt.Println(catalog.Implied(key.Code).EN)
	// Output:
	// false service
	// Probably an error on the business system's side: all documented 6XXX codes are, though no page states this as a range. Look into monitor.log on the business hosts.
}

func ExampleHarmless() {
	preflight := parser.Key{Platform: parser.Server, Code: 8002}
	fmt.Println(catalog.IsFailure(preflight), catalog.Harmless(preflight))
	// Output:
	// true true
}
