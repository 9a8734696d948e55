package statedir

import (
	"fmt"
	"strings"
)

// maxHost bounds the encoded name of a host, in bytes: file systems take 255.
const maxHost = 240

// noName stands for the empty name. No other name is encoded like this.
const noName = "%"

const hexDigits = "0123456789abcdef"

// encodeHost returns the name of a host's directory, see the layout. A name that
// is too long is an error, not cut: it could meet another.
func encodeHost(host string) (string, error) {
	if host == "" {
		return noName, nil
	}
	var b strings.Builder
	for i := range len(host) {
		c := host[i]
		edge := c == '.' && (i == 0 || i == len(host)-1) || c == '-' && i == 0
		if !edge && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
		}
		if b.Len() > maxHost {
			return "", fmt.Errorf("the name of host %.40q... is too long for the state: %d bytes (capitals and signs count threefold, %d may be)", host, len(host), maxHost)
		}
	}
	return b.String(), nil
}

// decodeHost undoes encodeHost. It returns false for a name that encodeHost does
// not give.
func decodeHost(dir string) (string, bool) {
	if dir == noName {
		return "", true
	}
	var host []byte
	for i := 0; i < len(dir); i++ {
		c := dir[i]
		if c == '%' {
			if i+2 >= len(dir) {
				return "", false
			}
			high, low := strings.IndexByte(hexDigits, dir[i+1]), strings.IndexByte(hexDigits, dir[i+2])
			if high < 0 || low < 0 {
				return "", false
			}
			c = byte(high<<4 | low)
			i += 2
		}
		host = append(host, c)
	}
	again, err := encodeHost(string(host))
	return string(host), err == nil && again == dir
}
