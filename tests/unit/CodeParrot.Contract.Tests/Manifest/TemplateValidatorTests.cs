namespace CodeParrot.Contract.Tests.Manifest;

public sealed class TemplateValidatorTests
{
    [Theory]
    [InlineData("{ labels: { codeparrot.dev/run: x } }", "labels.codeparrot.dev/run", "is set by the operator")]
    [InlineData("{ labels: { team: 'a b' } }", "labels.team", "must be at most 63 letters")]
    [InlineData("{ labels: { 'a b': x } }", "labels.a b", "must be a name such as")]
    [InlineData("{ annotations: { kueue.x-k8s.io/queue-name: x } }", "annotations.kueue.x-k8s.io/queue-name", "is set")]
    [InlineData("{ nodeSelector: { -gpu: x } }", "nodeSelector.-gpu", "must be a name such as")]
    [InlineData("{ env: [{ name: A }, { name: MASTER_ADDR }] }", "env[1].name", "'MASTER_ADDR' is set by the operator")]
    [InlineData("{ env: [{ name: CODEPARROT_X }] }", "env[0].name", "leave it out")]
    [InlineData("{ env: [{ value: x }] }", "env[0].name", "must be a text that is not empty")]
    [InlineData("{ env: [{ name: 5 }] }", "env[0].name", "must be a text that is not empty")]
    [InlineData("{ env: [{ name: A }, { name: A }] }", "env[1].name", "stands here twice")]
    [InlineData("{ volumes: [{ name: codeparrot-work }] }", "volumes[0].name", "must not begin with codeparrot-")]
    [InlineData("{ volumes: [{ name: Cache }] }", "volumes[0].name", "lower-case letters")]
    [InlineData("{ volumeMounts: [{ name: codeparrot-work, mountPath: /x }] }", "volumeMounts[0].name", "your own")]
    [InlineData("{ imagePullSecrets: [{}] }", "imagePullSecrets[0].name", "must be a text")]
    [InlineData("{ hostNetwork: true }", "hostNetwork", "unknown field")]
    public void A_bad_template_is_refused_at_its_field_with_a_remedy(string template, string path, string words)
    {
        var workers = Manifests.Mistakes(Manifests.Good, $"workers.template={template}");
        var stage = Manifests.Mistakes(Manifests.Good, $"stages={{ evaluate: {{ template: {template} }} }}");

        Assert.Equal("spec.workers.template." + path, Assert.Single(workers).Path);
        Assert.Equal("spec.stages.evaluate.template." + path, Assert.Single(stage).Path);
        Assert.Contains(words, workers[0].Message);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/tmp")]
    [InlineData("//tmp//")]
    [InlineData("/dev")]
    [InlineData("/dev/shm")]
    [InlineData("/codeparrot/work/cache")]
    public void Nothing_is_mounted_over_the_operators_paths(string path)
    {
        var mistake = Assert.Single(
            Manifests.Mistakes(
                Manifests.Good,
                $"workers.template={{ volumeMounts: [{{ name: mine, mountPath: {path} }}] }}"
            )
        );

        Assert.Equal("spec.workers.template.volumeMounts[0].mountPath", mistake.Path);
    }

    [Theory]
    [InlineData("/tmp/cache")]
    [InlineData("/codeparrots")]
    [InlineData("/data/dev")]
    public void Other_paths_are_the_users(string path)
    {
        var manifest = Manifests.Read(
            Manifests.Good,
            $"workers.template={{ volumeMounts: [{{ name: mine, mountPath: {path} }}] }}"
        );

        Assert.Single(manifest.Spec.Workers.Template!.VolumeMounts);
    }

    [Theory]
    [InlineData("{ limits: { memory: 8GB } }", "limits.memory", "must be a quantity such as 500m or 8Gi, was '8GB'")]
    [InlineData("{ limits: { cpu: -1 } }", "limits.cpu", "must be a quantity")]
    [InlineData("{ limits: { cpu: 1 }, requests: { cpu: 1500m } }", "requests.cpu", "at most the limit (1), was 1500m")]
    [InlineData("{ limits: { nvidia.com/gpu/0: 1 } }", "limits.nvidia.com/gpu/0", "must be a name such as")]
    public void Bad_resources_are_refused_at_their_field(string resources, string path, string words)
    {
        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, $"workers.resources={resources}"));

        Assert.Equal("spec.workers.resources." + path, mistake.Path);
        Assert.Contains(words, mistake.Message);
    }

    [Theory]
    [InlineData("{gang: Coscheduling, queue: q}", "queue", "gangs of kind Coscheduling have no queues")]
    [InlineData("{gang: Native, queue: q}", "queue", "gangs of kind Native have no queues")]
    [InlineData("{gang: Kueue}", "queue", "must name the LocalQueue")]
    [InlineData("{queue: Research}", "queue", "lower-case letters")]
    [InlineData("{topologyKey: a b}", "topologyKey", "must be a node's label")]
    public void Bad_scheduling_is_refused(string scheduling, string path, string words)
    {
        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, "scheduling=" + scheduling));

        Assert.Equal("spec.scheduling." + path, mistake.Path);
        Assert.Contains(words, mistake.Message);
    }
}
