// Mgslog reads the logs of the mPaaS Mobile Gateway Service.
package main

func main() {}
