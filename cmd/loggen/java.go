package main

import (
	"slices"
	"strings"
)

// Java stack traces, as the classes of this stack really print them.

// A link is one exception of a chain of causes.
type link struct {
	class, msg string // msg may hold the variables of expand
	frames     []string
}

// Frames of the libraries that a trace goes through, innermost first.
var (
	socketFrames = []string{
		"java.net.SocketInputStream.socketRead0(Native Method)",
		"java.net.SocketInputStream.socketRead(SocketInputStream.java:116)",
		"java.net.SocketInputStream.read(SocketInputStream.java:171)",
		"java.net.SocketInputStream.read(SocketInputStream.java:141)",
		"org.apache.http.impl.io.SessionInputBufferImpl.streamRead(SessionInputBufferImpl.java:137)",
		"org.apache.http.impl.io.SessionInputBufferImpl.fillBuffer(SessionInputBufferImpl.java:153)",
		"org.apache.http.impl.io.SessionInputBufferImpl.readLine(SessionInputBufferImpl.java:280)",
		"org.apache.http.impl.conn.DefaultHttpResponseParser.parseHead(DefaultHttpResponseParser.java:138)",
		"org.apache.http.impl.io.AbstractMessageParser.parse(AbstractMessageParser.java:259)",
		"org.apache.http.protocol.HttpRequestExecutor.doReceiveResponse(HttpRequestExecutor.java:273)",
		"org.apache.http.protocol.HttpRequestExecutor.execute(HttpRequestExecutor.java:125)",
		"org.apache.http.impl.execchain.MainClientExec.execute(MainClientExec.java:272)",
		"org.apache.http.impl.execchain.RetryExec.execute(RetryExec.java:89)",
		"org.apache.http.impl.client.InternalHttpClient.doExecute(InternalHttpClient.java:185)",
		"org.apache.http.impl.client.CloseableHttpClient.execute(CloseableHttpClient.java:83)",
	}
	connectFrames = []string{
		"java.net.PlainSocketImpl.socketConnect(Native Method)",
		"java.net.AbstractPlainSocketImpl.doConnect(AbstractPlainSocketImpl.java:350)",
		"java.net.AbstractPlainSocketImpl.connectToAddress(AbstractPlainSocketImpl.java:206)",
		"java.net.SocksSocketImpl.connect(SocksSocketImpl.java:392)",
		"java.net.Socket.connect(Socket.java:589)",
		"org.apache.http.conn.socket.PlainConnectionSocketFactory.connectSocket(PlainConnectionSocketFactory.java:75)",
		"org.apache.http.impl.conn.DefaultHttpClientConnectionOperator.connect(DefaultHttpClientConnectionOperator.java:142)",
		"org.apache.http.impl.conn.PoolingHttpClientConnectionManager.connect(PoolingHttpClientConnectionManager.java:376)",
		"org.apache.http.impl.execchain.MainClientExec.establishRoute(MainClientExec.java:393)",
	}
	resolveFrames = []string{
		"java.net.Inet4AddressImpl.lookupAllHostAddr(Native Method)",
		"java.net.InetAddress$2.lookupAllHostAddr(InetAddress.java:929)",
		"java.net.InetAddress.getAddressesFromNameService(InetAddress.java:1324)",
		"java.net.InetAddress.getAllByName0(InetAddress.java:1277)",
		"java.net.InetAddress.getAllByName(InetAddress.java:1193)",
		"org.apache.http.impl.conn.SystemDefaultDnsResolver.resolve(SystemDefaultDnsResolver.java:45)",
		"org.apache.http.impl.conn.DefaultHttpClientConnectionOperator.connect(DefaultHttpClientConnectionOperator.java:112)",
	}
	dubboFrames = []string{
		"com.alibaba.dubbo.remoting.exchange.support.DefaultFuture.returnFromResponse(DefaultFuture.java:218)",
		"com.alibaba.dubbo.remoting.exchange.support.DefaultFuture.get(DefaultFuture.java:139)",
		"com.alibaba.dubbo.remoting.exchange.support.DefaultFuture.get(DefaultFuture.java:112)",
		"com.alibaba.dubbo.rpc.protocol.dubbo.DubboInvoker.doInvoke(DubboInvoker.java:95)",
		"com.alibaba.dubbo.rpc.protocol.AbstractInvoker.invoke(AbstractInvoker.java:155)",
		"com.alibaba.dubbo.rpc.filter.GenericImplFilter.invoke(GenericImplFilter.java:99)",
		"com.alibaba.dubbo.monitor.support.MonitorFilter.invoke(MonitorFilter.java:75)",
		"com.alibaba.dubbo.rpc.cluster.support.FailoverClusterInvoker.doInvoke(FailoverClusterInvoker.java:78)",
		"com.alibaba.dubbo.rpc.proxy.InvokerInvocationHandler.invoke(InvokerInvocationHandler.java:52)",
		"com.alibaba.dubbo.common.bytecode.proxy0.$invoke(proxy0.java)",
	}
	sofaFrames = []string{
		"com.alipay.remoting.rpc.RpcResponseResolver.preProcess(RpcResponseResolver.java:61)",
		"com.alipay.remoting.rpc.RpcResponseResolver.resolveResponseObject(RpcResponseResolver.java:39)",
		"com.alipay.remoting.rpc.RpcRemoting.invokeSync(RpcRemoting.java:188)",
		"com.alipay.remoting.rpc.RpcClient.invokeSync(RpcClient.java:219)",
		"com.alipay.sofa.rpc.transport.bolt.BoltClientTransport.doInvokeSync(BoltClientTransport.java:258)",
		"com.alipay.sofa.rpc.transport.bolt.BoltClientTransport.syncSend(BoltClientTransport.java:234)",
		"com.alipay.sofa.rpc.client.AbstractCluster.doSendMsg(AbstractCluster.java:576)",
		"com.alipay.sofa.rpc.client.FailoverCluster.doInvoke(FailoverCluster.java:67)",
	}
	concurrentFrames = []string{
		"java.util.concurrent.CompletableFuture.timedGet(CompletableFuture.java:1771)",
		"java.util.concurrent.CompletableFuture.get(CompletableFuture.java:1915)",
		"com.alipay.gateway.core.invoke.AsyncHttpInvoker.await(AsyncHttpInvoker.java:204)",
	}
	invokeFrames = []string{
		"com.alipay.gateway.core.invoke.HttpServiceInvoker.doInvoke(HttpServiceInvoker.java:166)",
		"com.alipay.gateway.core.invoke.AbstractServiceInvoker.invoke(AbstractServiceInvoker.java:88)",
		"com.alipay.gateway.core.invoke.ServiceInvokerProxy$$Lambda$212/1467453291.apply(Unknown Source)",
	}
	gatewayFrames = []string{
		"com.alipay.gateway.core.filter.InvokeFilter.doFilter(InvokeFilter.java:97)",
		"com.alipay.gateway.core.filter.FilterChain.next(FilterChain.java:52)",
		"com.alipay.gateway.core.filter.FlowControlFilter.doFilter(FlowControlFilter.java:61)",
		"com.alipay.gateway.core.filter.FilterChain.next(FilterChain.java:52)",
		"com.alipay.gateway.core.filter.SessionFilter.doFilter(SessionFilter.java:74)",
		"com.alipay.gateway.core.filter.FilterChain.next(FilterChain.java:52)",
		"com.alipay.gateway.core.filter.SignVerifyFilter.doFilter(SignVerifyFilter.java:118)",
		"com.alipay.gateway.core.filter.FilterChain.next(FilterChain.java:52)",
		"com.alipay.gateway.core.filter.DecryptFilter.doFilter(DecryptFilter.java:45)",
		"com.alipay.gateway.core.filter.FilterChain.next(FilterChain.java:52)",
		"com.alipay.gateway.core.MgwDispatcher.dispatch(MgwDispatcher.java:143)",
		"com.alipay.gateway.web.MgwServlet.doPost(MgwServlet.java:79)",
		"javax.servlet.http.HttpServlet.service(HttpServlet.java:661)",
		"javax.servlet.http.HttpServlet.service(HttpServlet.java:742)",
		"org.apache.catalina.core.ApplicationFilterChain.internalDoFilter(ApplicationFilterChain.java:231)",
		"org.apache.catalina.core.ApplicationFilterChain.doFilter(ApplicationFilterChain.java:166)",
		"org.springframework.web.filter.CharacterEncodingFilter.doFilterInternal(CharacterEncodingFilter.java:200)",
		"org.springframework.web.filter.OncePerRequestFilter.doFilter(OncePerRequestFilter.java:107)",
		"org.apache.catalina.core.StandardWrapperValve.invoke(StandardWrapperValve.java:198)",
		"org.apache.catalina.core.StandardContextValve.invoke(StandardContextValve.java:96)",
		"org.apache.catalina.core.StandardHostValve.invoke(StandardHostValve.java:140)",
		"org.apache.catalina.valves.ErrorReportValve.invoke(ErrorReportValve.java:81)",
		"org.apache.catalina.core.StandardEngineValve.invoke(StandardEngineValve.java:87)",
		"org.apache.catalina.connector.CoyoteAdapter.service(CoyoteAdapter.java:342)",
		"org.apache.coyote.http11.Http11Processor.service(Http11Processor.java:803)",
		"org.apache.coyote.AbstractProcessorLight.process(AbstractProcessorLight.java:66)",
		"org.apache.tomcat.util.net.NioEndpoint$SocketProcessor.doRun(NioEndpoint.java:1459)",
		"java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1142)",
		"java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:617)",
		"org.apache.tomcat.util.threads.TaskThread$WrappingRunnable.run(TaskThread.java:61)",
		"java.lang.Thread.run(Thread.java:745)",
	}
	serviceFrames = []string{
		"sun.reflect.DelegatingMethodAccessorImpl.invoke(DelegatingMethodAccessorImpl.java:43)",
		"java.lang.reflect.Method.invoke(Method.java:498)",
		"com.alipay.gateway.mobileservice.invoke.MobileRpcInvoker.invokeMethod(MobileRpcInvoker.java:131)",
		"com.alipay.gateway.mobileservice.invoke.MobileRpcInvoker.invoke(MobileRpcInvoker.java:84)",
		"com.alipay.gateway.adapterservice.UnifyMobileServiceImpl.execute(UnifyMobileServiceImpl.java:66)",
		"com.alipay.gateway.spi.mpc.MpcServiceHandler.handle(MpcServiceHandler.java:112)",
		"com.alipay.sofa.rpc.server.ProviderProxyInvoker.invoke(ProviderProxyInvoker.java:61)",
		"com.alipay.sofa.rpc.server.bolt.BoltServerProcessor.doProcess(BoltServerProcessor.java:338)",
		"com.alipay.sofa.rpc.server.bolt.BoltServerProcessor.handleRequest(BoltServerProcessor.java:202)",
		"com.alipay.remoting.rpc.protocol.RpcRequestProcessor.dispatchToUserProcessor(RpcRequestProcessor.java:239)",
		"com.alipay.remoting.rpc.protocol.RpcRequestProcessor.doProcess(RpcRequestProcessor.java:146)",
		"com.alipay.remoting.rpc.protocol.RpcRequestProcessor$ProcessTask.run(RpcRequestProcessor.java:393)",
		"java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1142)",
		"java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:617)",
		"java.lang.Thread.run(Thread.java:745)",
	}
	reflectFrames = []string{
		"sun.reflect.NativeMethodAccessorImpl.invoke0(Native Method)",
		"sun.reflect.NativeMethodAccessorImpl.invoke(NativeMethodAccessorImpl.java:62)",
	}
	bizFrames = []string{
		"com.demo.bank.transfer.service.TransferServiceImpl.checkBalance(TransferServiceImpl.java:233)",
		"com.demo.bank.transfer.service.TransferServiceImpl.submit(TransferServiceImpl.java:118)",
		"com.demo.bank.transfer.service.TransferServiceImpl$$FastClassBySpringCGLIB$$7001a3c4.invoke(<generated>)",
		"org.springframework.cglib.proxy.MethodProxy.invoke(MethodProxy.java:204)",
		"org.springframework.aop.framework.CglibAopProxy$DynamicAdvisedInterceptor.intercept(CglibAopProxy.java:669)",
		"com.demo.bank.transfer.service.TransferServiceImpl$$EnhancerBySpringCGLIB$$5c1e6002.submit(<generated>)",
		"com.demo.bank.transfer.facade.TransferFacadeImpl.submit(TransferFacadeImpl.java:57)",
		"sun.reflect.GeneratedMethodAccessor4002.invoke(Unknown Source)",
	}
	jsonFrames = []string{
		"com.alibaba.fastjson.parser.DefaultJSONParser.parse(DefaultJSONParser.java:1389)",
		"com.alibaba.fastjson.parser.DefaultJSONParser.parse(DefaultJSONParser.java:1255)",
		"com.alibaba.fastjson.JSON.parse(JSON.java:152)",
		"com.alibaba.fastjson.JSON.parseObject(JSON.java:227)",
	}
	cryptoFrames = []string{
		"com.sun.crypto.provider.CipherCore.doFinal(CipherCore.java:966)",
		"com.sun.crypto.provider.AESCipher.engineDoFinal(AESCipher.java:446)",
		"javax.crypto.Cipher.doFinal(Cipher.java:2165)",
		"com.alipay.gateway.core.crypt.AesCryptor.decrypt(AesCryptor.java:58)",
	}
	jedisFrames = []string{
		"redis.clients.util.RedisInputStream.ensureFill(RedisInputStream.java:202)",
		"redis.clients.util.RedisInputStream.readByte(RedisInputStream.java:40)",
		"redis.clients.jedis.Protocol.process(Protocol.java:151)",
		"redis.clients.jedis.Connection.readProtocolWithCheckingBroken(Connection.java:297)",
		"redis.clients.jedis.Jedis.get(Jedis.java:152)",
	}
	jdbcFrames = []string{
		"com.mysql.jdbc.MysqlIO.readFully(MysqlIO.java:3011)",
		"com.mysql.jdbc.MysqlIO.reuseAndReadPacket(MysqlIO.java:3472)",
		"com.mysql.jdbc.ConnectionImpl.execSQL(ConnectionImpl.java:2531)",
		"com.mysql.jdbc.PreparedStatement.executeInternal(PreparedStatement.java:1861)",
		"com.alibaba.druid.pool.DruidPooledPreparedStatement.executeQuery(DruidPooledPreparedStatement.java:228)",
		"org.apache.ibatis.executor.SimpleExecutor.doQuery(SimpleExecutor.java:63)",
	}
	timerFrames = []string{
		"java.util.concurrent.Executors$RunnableAdapter.call(Executors.java:511)",
		"java.util.concurrent.FutureTask.runAndReset(FutureTask.java:308)",
		"java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask.run(ScheduledThreadPoolExecutor.java:294)",
		"java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1142)",
		"java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:617)",
		"java.lang.Thread.run(Thread.java:745)",
	}
)

// webFilters are filters of the servlet container, of each the frames that it
// adds to a trace. A deep trace goes through many of them.
var webFilters = [][]string{
	webFilter("org.springframework.web.filter.RequestContextFilter.doFilterInternal(RequestContextFilter.java:99)"),
	webFilter("org.springframework.web.filter.HttpPutFormContentFilter.doFilterInternal(HttpPutFormContentFilter.java:108)"),
	webFilter("org.springframework.web.filter.HiddenHttpMethodFilter.doFilterInternal(HiddenHttpMethodFilter.java:81)"),
	webFilter(
		"org.springframework.boot.actuate.metrics.web.servlet.WebMvcMetricsFilter.filterAndRecordMetrics(WebMvcMetricsFilter.java:158)",
		"org.springframework.boot.actuate.metrics.web.servlet.WebMvcMetricsFilter.doFilterInternal(WebMvcMetricsFilter.java:126)",
	),
	webFilter("brave.servlet.TracingFilter.doFilter(TracingFilter.java:99)"),
	webFilter("com.alipay.sofa.tracer.plugins.springmvc.SpringMvcSofaTracerFilter.doFilter(SpringMvcSofaTracerFilter.java:102)"),
	webFilter(
		"org.springframework.security.web.FilterChainProxy$VirtualFilterChain.doFilter(FilterChainProxy.java:331)",
		"org.springframework.security.web.FilterChainProxy.doFilterInternal(FilterChainProxy.java:214)",
		"org.springframework.web.filter.DelegatingFilterProxy.invokeDelegate(DelegatingFilterProxy.java:347)",
		"org.springframework.web.filter.DelegatingFilterProxy.doFilter(DelegatingFilterProxy.java:263)",
	),
	webFilter("com.alipay.gateway.web.filter.AccessLogFilter.doFilterInternal(AccessLogFilter.java:66)"),
}

// webFilter returns the frames of a filter, its own and those of the chain that
// has called it.
func webFilter(own ...string) []string {
	if strings.Contains(own[len(own)-1], ".doFilterInternal(") {
		own = append(own, "org.springframework.web.filter.OncePerRequestFilter.doFilter(OncePerRequestFilter.java:107)")
	}
	return append(own,
		"org.apache.catalina.core.ApplicationFilterChain.internalDoFilter(ApplicationFilterChain.java:193)",
		"org.apache.catalina.core.ApplicationFilterChain.doFilter(ApplicationFilterChain.java:166)")
}

// refusal returns the exception that the gateway itself throws for e.
func refusal(e *event) link {
	const filters = "com.alipay.gateway.core.filter."
	at := "InvokeFilter.check(InvokeFilter.java:131)"
	switch e.code / 1000 {
	case 1:
		at = "FlowControlFilter.refuse(FlowControlFilter.java:93)"
	case 2:
		at = "SessionFilter.check(SessionFilter.java:112)"
	case 3:
		at = "DecryptFilter.readRequest(DecryptFilter.java:77)"
	case 7:
		at = "SignVerifyFilter.verify(SignVerifyFilter.java:164)"
	}
	return link{"com.alipay.gateway.core.exception.GatewayException", e.story.en, []string{filters + at}}
}

// bottom returns the lower frames of the trace of a call, about n: those of the
// thread, and as many filters of the servlet container as it takes.
func (s *scribe) bottom(n int) []string {
	base := s.base
	if n <= len(base) {
		return base[:n]
	}
	at := slices.Index(base, webChain)
	frames := slices.Clone(base[:at])
	for i := 0; len(frames)+len(base)-at < n; i++ {
		frames = append(frames, webFilters[i%len(webFilters)]...)
	}
	return append(frames, base[at:]...)
}

// webChain is the frame above which stand those of further filters.
const webChain = "org.apache.catalina.core.ApplicationFilterChain.internalDoFilter(ApplicationFilterChain.java:231)"

// cat joins frame lists.
func cat(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

var jars = [...]string{" ~[httpclient-4.5.3.jar:4.5.3]", " ~[gateway-core-2.3.1.jar:?]", " [?:1.8.0_102]", ""}

// stack writes the exceptions of e, outermost first, and notes the root.
func (s *scribe) stack(e *event) {
	if len(e.chain) == 0 {
		return
	}
	logback := s.chance(0.1) // append the jar to each frame
	gap := s.chance(0.05)    // a blank line inside the record
	if s.cfg.traces {
		s.whole(e, logback)
		return
	}
	for i := range e.chain {
		l := &e.chain[i]
		if i > 0 {
			if gap {
				s.s("\n")
			}
			s.s("Caused by: ")
		}
		s.exception(e, l)
		s.root(l.class)
		own := l.frames
		// The innermost exception shows its own frames; the outermost goes
		// on to the bottom of the thread.
		limit := len(own)
		if i > 0 {
			limit = min(limit, 2+s.r.IntN(max(e.frames/3, 1)))
		}
		for _, f := range own[:limit] {
			s.frame(e, f, "\t", logback)
		}
		if i == 0 {
			base := s.base
			if e.timer {
				base = timerFrames
			}
			n := min(len(base), max(1, e.frames-limit+s.r.IntN(5)-2))
			for _, f := range base[:n] {
				s.frame(e, f, "\t", logback)
			}
			if s.chance(0.06) {
				s.suppressed(e)
			}
		} else {
			s.s("\t... ").n(3 + s.r.IntN(40)).s(" more\n")
		}
	}
	if s.chance(0.04) {
		s.s("\n")
	}
}

// whole writes the exceptions of e as Java prints them if nobody shortens them:
// the trace of the outermost goes down to the thread, those of its causes to
// where they meet it. All together have e.frames, if that is enough.
func (s *scribe) whole(e *event, logback bool) {
	depth := e.frames
	for i := range e.chain {
		depth -= len(e.chain[i].frames)
	}
	base := s.bottom(max(3, depth))
	if e.timer {
		base = timerFrames
	}
	for i := range e.chain {
		l := &e.chain[i]
		if i > 0 {
			s.s("Caused by: ")
		}
		s.exception(e, l)
		s.root(l.class)
		s.wholeFrames(l.frames, logback)
		if i > 0 {
			s.s("\t... ").n(len(base) + len(e.chain[i-1].frames) - 1).s(" more\n")
			continue
		}
		s.wholeFrames(base, logback)
		if s.chance(0.06) {
			s.suppressed(e)
		}
	}
}

// wholeFrames writes frames, with the jars that they are from if logback does.
func (s *scribe) wholeFrames(frames []string, logback bool) {
	for _, f := range frames {
		s.s("\tat ", f)
		if logback {
			s.s(jarOf(f))
		}
		s.s("\n")
	}
}

// jarOf returns what logback writes behind a frame.
func jarOf(frame string) string {
	for _, j := range [...]struct{ packages, jar string }{
		{"com.alipay.gateway.", " ~[gateway-core-2.3.1.jar:?]"},
		{"org.apache.http.", " ~[httpclient-4.5.3.jar:4.5.3]"},
		{"org.apache.", " [tomcat-embed-core-8.5.23.jar:8.5.23]"},
		{"org.springframework.web.", " [spring-web-4.3.12.RELEASE.jar:4.3.12.RELEASE]"},
		{"org.springframework.", " [spring-security-web-4.2.3.RELEASE.jar:4.2.3.RELEASE]"},
		{"com.alibaba.dubbo.", " ~[dubbo-2.6.5.jar:2.6.5]"},
		{"com.alipay.", " ~[sofa-rpc-all-5.3.1.jar:5.3.1]"},
		{"brave.", " ~[brave-instrumentation-servlet-4.9.1.jar:?]"},
	} {
		if strings.HasPrefix(frame, j.packages) {
			return j.jar
		}
	}
	return " [?:1.8.0_102]"
}

// exception writes the class and the message of l.
func (s *scribe) exception(e *event, l *link) {
	s.s(l.class)
	if l.msg != "" {
		s.s(": ")
		s.expand(e, l.msg)
	}
	s.s("\n")
}

// suppressed writes an exception that closing a resource has thrown. It is
// not in the chain of causes, nor is its own cause.
func (s *scribe) suppressed(e *event) {
	s.s("\tSuppressed: java.io.IOException: Stream closed\n")
	s.frame(e, "java.io.BufferedInputStream.getBufIfOpen(BufferedInputStream.java:170)", "\t\t", false)
	s.frame(e, "java.io.FilterInputStream.close(FilterInputStream.java:181)", "\t\t", false)
	s.s("\t\t... 9 more\n")
	if s.chance(0.5) {
		s.s("\tCaused by: java.net.SocketException: Socket is closed\n")
		s.frame(e, "java.net.Socket.getInputStream(Socket.java:903)", "\t\t", false)
		s.s("\t\t... 11 more\n")
	}
}

// frame writes one frame. If the event has a decoy in its frames, the line
// number of some is that decoy.
func (s *scribe) frame(e *event, f, indent string, logback bool) {
	s.s(indent, "at ")
	if i := strings.LastIndexByte(f, ':'); i > 0 && e.frameDecoy > 0 && (!e.frameDone || s.chance(0.1)) {
		s.s(f[:i+1]).n(e.frameDecoy).s(")")
		e.frameDone = true
	} else {
		s.s(f)
	}
	if logback {
		s.s(jars[s.r.IntN(len(jars))])
	}
	s.s("\n")
}
