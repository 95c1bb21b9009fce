// kdns is a small DNS server for a cluster of the tests. It watches Services and Endpoints, and answers from these:
//
//	A    SERVICE.NAMESPACE.svc.DOMAIN          the cluster's address; of a headless service those of its ready pods
//	A    HOST.SERVICE.NAMESPACE.svc.DOMAIN     a pod with that hostname behind a headless service
//	A    1-2-3-4.SERVICE.NAMESPACE.svc.DOMAIN  a pod with that address and without hostname
//	SRV  _PORT._PROTOCOL.SERVICE.NAMESPACE.svc.DOMAIN
//
// A name outside the domain does not exist: nothing is asked of anyone else. It is built in the sources of Kubernetes,
// which hold the libraries.
package main

import (
	"flag"
	"log"
	"net"
	"strings"
	"time"

	"github.com/miekg/dns"
	v1 "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	domain = "cluster.local."
	// Pods come and go in tests faster than anyone should remember an answer.
	ttlSeconds = 1
	// What fits into an answer by UDP when the client says nothing about it.
	plainUDPBytes = 512
)

// server answers from the watched objects.
type server struct {
	services  listers.ServiceLister
	endpoints listers.EndpointsLister
}

// answer is what there is of a name; a name that exists may have no record of the type that is asked for.
type answer struct {
	exists    bool
	addresses []string
	services  []dns.SRV
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "kubeconfig that may list and watch services and endpoints")
	listen := flag.String("listen", "127.0.0.1:53", "address for UDP and TCP")
	flag.Parse()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatal(err)
	}
	factory := informers.NewSharedInformerFactory(kubernetes.NewForConfigOrDie(config), 0)
	core := factory.Core().V1()
	s := &server{core.Services().Lister(), core.Endpoints().Lister()}
	forever := make(chan struct{})
	factory.Start(forever)
	factory.WaitForCacheSync(forever)
	dns.HandleFunc(".", s.serve)
	for _, network := range []string{"udp", "tcp"} {
		go func(network string) {
			log.Fatal((&dns.Server{Addr: *listen, Net: network}).ListenAndServe())
		}(network)
	}
	log.Printf("answers at %s", *listen)
	<-forever
}

func (s *server) find(name string) answer {
	if !strings.HasSuffix(name, "."+domain) {
		return answer{exists: name == domain}
	}
	labels := strings.Split(strings.TrimSuffix(name, "."+domain), ".")
	last := len(labels) - 1
	if labels[last] != "svc" {
		return answer{}
	}
	if last < 2 {
		// Nothing stands there, but names stand below.
		return answer{exists: true}
	}
	namespace, name := labels[last-1], labels[last-2]
	service, err := s.services.Services(namespace).Get(name)
	if err != nil {
		return answer{}
	}
	endpoints, err := s.endpoints.Endpoints(namespace).Get(name)
	if err != nil {
		endpoints = &v1.Endpoints{}
	}
	below := labels[:last-2]
	switch {
	case len(below) == 0:
		return ofService(service, endpoints)
	case len(below) == 1:
		return ofHost(below[0], service, endpoints)
	case len(below) == 2 && below[0] != "" && below[1] != "":
		return ofPort(below[0], below[1], strings.Join(labels[last-2:], ".")+"."+domain, service)
	}
	return answer{}
}

func ofService(service *v1.Service, endpoints *v1.Endpoints) answer {
	if service.Spec.ClusterIP != v1.ClusterIPNone {
		return answer{exists: true, addresses: []string{service.Spec.ClusterIP}}
	}
	found := answer{exists: true}
	for _, subset := range endpoints.Subsets {
		for _, address := range subset.Addresses {
			found.addresses = append(found.addresses, address.IP)
		}
	}
	return found
}

func ofHost(host string, service *v1.Service, endpoints *v1.Endpoints) answer {
	found := answer{}
	if service.Spec.ClusterIP != v1.ClusterIPNone {
		return found
	}
	for _, subset := range endpoints.Subsets {
		for _, address := range subset.Addresses {
			name := address.Hostname
			if name == "" {
				name = strings.ReplaceAll(address.IP, ".", "-")
			}
			if strings.EqualFold(name, host) {
				found.exists = true
				found.addresses = append(found.addresses, address.IP)
			}
		}
	}
	return found
}

func ofPort(port, protocol, target string, service *v1.Service) answer {
	found := answer{}
	for _, p := range service.Spec.Ports {
		if "_"+p.Name == port && "_"+strings.ToLower(string(p.Protocol)) == protocol {
			found.exists = true
			found.services = append(found.services, dns.SRV{Weight: 100, Port: uint16(p.Port), Target: target})
		}
	}
	return found
}

func (s *server) serve(w dns.ResponseWriter, question *dns.Msg) {
	reply := new(dns.Msg)
	reply.SetReply(question)
	reply.Authoritative, reply.RecursionAvailable, reply.Compress = true, true, true
	if len(question.Question) == 1 {
		asked := question.Question[0]
		fill(reply, asked, s.find(strings.ToLower(asked.Name)))
	}
	if _, isUDP := w.RemoteAddr().(*net.UDPAddr); isUDP {
		room := plainUDPBytes
		if options := question.IsEdns0(); options != nil {
			room = int(options.UDPSize())
		}
		if reply.Len() > room {
			// The client asks again by TCP.
			reply.Answer, reply.Truncated = nil, true
		}
	}
	// Whoever asked and is gone needs no answer.
	_ = w.WriteMsg(reply)
}

func fill(reply *dns.Msg, asked dns.Question, found answer) {
	head := func(kind uint16) dns.RR_Header {
		return dns.RR_Header{Name: asked.Name, Rrtype: kind, Class: dns.ClassINET, Ttl: ttlSeconds}
	}
	if asked.Qtype == dns.TypeA || asked.Qtype == dns.TypeANY {
		for _, address := range found.addresses {
			reply.Answer = append(reply.Answer, &dns.A{Hdr: head(dns.TypeA), A: net.ParseIP(address)})
		}
	}
	if asked.Qtype == dns.TypeSRV || asked.Qtype == dns.TypeANY {
		for i := range found.services {
			record := found.services[i]
			record.Hdr = head(dns.TypeSRV)
			reply.Answer = append(reply.Answer, &record)
		}
	}
	if !found.exists {
		reply.Rcode = dns.RcodeNameError
	}
	if len(reply.Answer) == 0 {
		// It says for how long the absence holds.
		reply.Ns = []dns.RR{&dns.SOA{
			Hdr: dns.RR_Header{Name: domain, Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: ttlSeconds},
			Ns:  "ns." + domain, Mbox: "root." + domain, Serial: uint32(time.Now().Unix()),
			Refresh: 5, Retry: 5, Expire: 60, Minttl: ttlSeconds,
		}}
	}
}
