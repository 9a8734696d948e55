// Command naive counts a digest log by result code, 5-minute window and
// operationType in the way in which one would write it in an hour:
// bufio.Scanner and regexp. It is what mgslog is measured against, and is not
// part of the product.
package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
)

var digest = regexp.MustCompile(`^(\d{4}-\d\d-\d\d \d\d:\d)(\d):\d\d,\d{3} - \([^,]*,[^,]*,[YN],\d+ ?ms,([^,]*),[^,]*,[^,]*,[^,]*,(\d+),`)

func main() {
	if err := count(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func count(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	counts := map[string]int{}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		if m := digest.FindStringSubmatch(sc.Text()); m != nil {
			five := "0"
			if m[2] >= "5" {
				five = "5"
			}
			counts[m[4]+" "+m[1]+five+" "+m[3]]++
		}
	}
	for k, n := range counts {
		fmt.Println(n, k)
	}
	return sc.Err()
}
