// Command naive counts by result code, 5-minute window and operationType in
// the way in which one would write it in an hour: bufio.Scanner and regexp. It
// is what mgslog is measured against, and is not part of the product.
package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
)

var (
	digest = regexp.MustCompile(`^(\d{4}-\d\d-\d\d \d\d:\d)(\d):\d\d,\d{3} - \([^,]*,[^,]*,[YN],\d+ ?ms,([^,]*),[^,]*,[^,]*,[^,]*,(\d+),`)
	head   = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{3}`)
	code   = regexp.MustCompile(`(?i)(?:result[-_ ]?(?:status|code)|err[-_]?code)["'=: ]*(\d{4})`)
	cause  = regexp.MustCompile(`^Caused by: ([\w.$]+)`)
)

func main() {
	f, err := os.Open(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer f.Close()
	counts := map[string]int{}
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 1<<20), 1<<20)
	if os.Args[1] == "digest" {
		for sc.Scan() {
			if m := digest.FindStringSubmatch(sc.Text()); m != nil {
				counts[m[4]+" "+m[1]+string(rune('0'+(m[2][0]-'0')/5*5))+" "+m[3]]++
			}
		}
	} else {
		number, root := "-", "-"
		open := false
		for sc.Scan() {
			line := sc.Text()
			if head.MatchString(line) {
				if open {
					counts[number+" "+root]++
				}
				open, number, root = true, "-", "-"
				if m := code.FindStringSubmatch(line); m != nil {
					number = m[1]
				}
			} else if m := cause.FindStringSubmatch(line); m != nil {
				root = m[1]
			}
		}
		if open {
			counts[number+" "+root]++
		}
	}
	for k, n := range counts {
		fmt.Println(n, k)
	}
	if err := sc.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
