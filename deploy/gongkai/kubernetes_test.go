package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gongkai/services/chassis/access"
)

// manifest is what a Kubernetes manifest may say here.
type manifest struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   objectMeta
	Spec       manifestSpec
}

type objectMeta struct {
	Name                string
	Labels, Annotations map[string]string
}

type manifestSpec struct {
	// of a Service; a StatefulSet's is of another shape
	Selector any
	Ports    []servicePort
	// of a StatefulSet or a Deployment
	ServiceName          string `yaml:"serviceName"`
	Replicas             int
	Template             podTemplate
	VolumeClaimTemplates []volumeClaim `yaml:"volumeClaimTemplates"`
	// of a NetworkPolicy
	PodSelector any      `yaml:"podSelector"`
	PolicyTypes []string `yaml:"policyTypes"`
	Ingress     []any
}

type servicePort struct {
	Name       string
	Port       int
	TargetPort string `yaml:"targetPort"`
}

type volumeClaim struct {
	Metadata objectMeta
	Spec     struct {
		AccessModes []string `yaml:"accessModes"`
		Resources   struct{ Requests map[string]string }
	}
}

type podTemplate struct {
	Metadata objectMeta
	Spec     struct {
		AutomountServiceAccountToken  bool `yaml:"automountServiceAccountToken"`
		EnableServiceLinks            bool `yaml:"enableServiceLinks"`
		TerminationGracePeriodSeconds int  `yaml:"terminationGracePeriodSeconds"`
		SecurityContext               struct {
			RunAsNonRoot   bool                  `yaml:"runAsNonRoot"`
			RunAsUser      int64                 `yaml:"runAsUser"`
			RunAsGroup     int64                 `yaml:"runAsGroup"`
			FSGroup        int64                 `yaml:"fsGroup"`
			SeccompProfile struct{ Type string } `yaml:"seccompProfile"`
		} `yaml:"securityContext"`
		Containers []container
		Volumes    []volume
	}
}

type volume struct {
	Name   string
	Secret struct {
		SecretName  string `yaml:"secretName"`
		DefaultMode int    `yaml:"defaultMode"`
	}
}

type container struct {
	Name, Image string
	Args        []string
	Env         []struct{ Name, Value string }
	Ports       []struct {
		Name          string
		ContainerPort int `yaml:"containerPort"`
	}
	StartupProbe    probe `yaml:"startupProbe"`
	ReadinessProbe  probe `yaml:"readinessProbe"`
	LivenessProbe   probe `yaml:"livenessProbe"`
	SecurityContext struct {
		AllowPrivilegeEscalation bool `yaml:"allowPrivilegeEscalation"`
		ReadOnlyRootFilesystem   bool `yaml:"readOnlyRootFilesystem"`
		Capabilities             struct{ Drop []string }
	} `yaml:"securityContext"`
	Resources    struct{ Requests, Limits map[string]string }
	VolumeMounts []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
		ReadOnly  bool   `yaml:"readOnly"`
	} `yaml:"volumeMounts"`
}

type probe struct {
	HTTPGet          struct{ Path, Port string } `yaml:"httpGet"`
	PeriodSeconds    int                         `yaml:"periodSeconds"`
	FailureThreshold int                         `yaml:"failureThreshold"`
}

func TestKubernetes(t *testing.T) {
	in := &installation{T: t, root: t.TempDir()}
	key, err := access.GenerateKey()
	must(t, err)
	put(t, in.root, "/etc/gongkai/token.pem", key)
	must(t, os.MkdirAll(filepath.Join(in.root, "data"), 0o700))
	for _, target := range targets {
		var service, workload manifest
		for _, m := range documents[manifest](t, "../kubernetes/"+target+".yaml") {
			if m.Metadata.Name != target || !reflect.DeepEqual(m.Metadata.Labels, map[string]string{"app.kubernetes.io/name": target, "app.kubernetes.io/part-of": "gongkai"}) {
				t.Errorf("the %s of %s is %v", m.Kind, target, m.Metadata)
			}
			if m.Kind == "Service" {
				service = m
			} else {
				workload = m
			}
		}
		if want := "StatefulSet"; !keepsNothing(target) && (workload.Kind != want || workload.Spec.Replicas != 1 || len(workload.Spec.VolumeClaimTemplates) != 1) {
			t.Errorf("%s is a %s of %d, want one pod with one volume", target, workload.Kind, workload.Spec.Replicas)
		}
		confined(t, target, workload.Spec.Template)
		c := workload.Spec.Template.Spec.Containers[0]
		p := &installedProcess{target: target, args: c.Args, environment: map[string]string{"GONGKAI_DATA": "/data"}} // of the image
		for _, e := range c.Env {
			p.environment[e.Name] = e.Value
		}
		p.reached = fmt.Sprintf("%s:%d", target, service.Spec.Ports[0].Port)
		in.processes = append(in.processes, p)
		if listens := fmt.Sprintf("0.0.0.0:%d", c.Ports[0].ContainerPort); p.environment["GONGKAI_LISTEN"] != listens || service.Spec.Ports[0].TargetPort != c.Ports[0].Name {
			t.Errorf("%s listens on %s, its container's port is %v, its service's %v", target, p.environment["GONGKAI_LISTEN"], c.Ports, service.Spec.Ports)
		}
		admin := c.Ports[1]
		if p.environment["GONGKAI_ADMIN_LISTEN"] != fmt.Sprintf("0.0.0.0:%d", admin.ContainerPort) || workload.Spec.Template.Metadata.Annotations["prometheus.io/port"] != fmt.Sprint(admin.ContainerPort) {
			t.Errorf("%s shows its metrics on %s, its container's port is %v, Prometheus is told %v", target, p.environment["GONGKAI_ADMIN_LISTEN"], admin, workload.Spec.Template.Metadata.Annotations)
		}
		if ready, alive := c.ReadinessProbe.HTTPGet, c.LivenessProbe.HTTPGet; ready.Port != admin.Name || ready.Path != "/readyz" || alive.Port != admin.Name || alive.Path != "/livez" ||
			target == gatewayTarget && c.StartupProbe.HTTPGet.Path != "/healthz" {
			t.Errorf("%s is not asked for its health: %+v", target, c)
		}
		mounts := map[string]string{}
		for _, m := range c.VolumeMounts {
			mounts[m.Name] = m.MountPath
		}
		want := map[string]string{"data": p.environment["GONGKAI_DATA"], "token": filepath.Dir(p.environment["GONGKAI_TOKEN_KEY"])}
		if !keepsNothing(target) && !maps.Equal(mounts, want) {
			t.Errorf("%s mounts %v, want %v", target, mounts, want)
		}
	}
	in.check(targets...)
	in.seen()
}

// confined wants a pod to run as an ordinary user who can write in its volume alone.
func confined(t *testing.T, target string, pod podTemplate) {
	t.Helper()
	s, c := pod.Spec.SecurityContext, pod.Spec.Containers[0].SecurityContext
	if !s.RunAsNonRoot || s.RunAsUser == 0 || s.FSGroup == 0 || s.SeccompProfile.Type != "RuntimeDefault" || pod.Spec.AutomountServiceAccountToken {
		t.Errorf("the pod of %s is not an ordinary user's: %+v", target, s)
	}
	if c.AllowPrivilegeEscalation || !c.ReadOnlyRootFilesystem || !slices.Equal(c.Capabilities.Drop, []string{"ALL"}) {
		t.Errorf("the container of %s is not confined: %+v", target, c)
	}
	if len(pod.Spec.Containers) != 1 || pod.Spec.TerminationGracePeriodSeconds <= int(grace.Seconds()) {
		t.Errorf("%s has %d containers and %d s to stop, which takes up to %s", target, len(pod.Spec.Containers), pod.Spec.TerminationGracePeriodSeconds, grace)
	}
}

// The files that are no process's are read strictly too, and kustomize makes one whole of all.
func TestKustomization(t *testing.T) {
	var kinds []string
	for _, file := range []string{"namespace.yaml", "network-policy.yaml"} {
		for _, m := range documents[manifest](t, "../kubernetes/"+file) {
			kinds = append(kinds, m.Kind+" "+m.Metadata.Name)
		}
	}
	if want := []string{"Namespace gongkai", "NetworkPolicy services", "NetworkPolicy gateway"}; !slices.Equal(kinds, want) {
		t.Errorf("there are %v, want %v", kinds, want)
	}
	k := documents[struct {
		APIVersion      string `yaml:"apiVersion"`
		Kind, Namespace string
		Resources       []string
		SecretGenerator []struct {
			Name  string
			Files []string
		} `yaml:"secretGenerator"`
		GeneratorOptions struct {
			DisableNameSuffixHash bool `yaml:"disableNameSuffixHash"`
		} `yaml:"generatorOptions"`
		Images []struct {
			Name   string
			NewTag string `yaml:"newTag"`
		}
	}](t, "../kubernetes/kustomization.yaml")[0]
	there, err := filepath.Glob("../kubernetes/*.yaml")
	must(t, err)
	for i := range there {
		there[i] = filepath.Base(there[i])
	}
	listed := append(slices.Clone(k.Resources), "kustomization.yaml")
	slices.Sort(listed)
	if !slices.Equal(listed, there) {
		t.Errorf("the kustomization lists %v, there are %v", listed, there)
	}
	if len(k.SecretGenerator) != 1 || k.SecretGenerator[0].Name != "gongkai-token" || !k.GeneratorOptions.DisableNameSuffixHash {
		t.Errorf("the key for tokens is %+v", k.SecretGenerator)
	}
	if _, err := exec.LookPath("kubectl"); err != nil {
		t.Skip("there is no kubectl here")
	}
	dir := t.TempDir()
	must(t, os.CopyFS(dir, os.DirFS("../kubernetes")))
	key, err := access.GenerateKey()
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "token.pem"), key, 0o600))
	out, err := exec.Command("kubectl", "kustomize", dir).CombinedOutput()
	if n := strings.Count(string(out), "\nkind: "); err != nil || n != 16 {
		t.Errorf("kustomize makes %d things, want 16: %v: %s", n, err, out[:min(len(out), 500)])
	}
}
