using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Reconcile;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Tests.Reconcile;

public class OwnPodsTests
{
    private static readonly RunKey Run = new("default", "r");
    private readonly Store<PodObservation> _pods = new(_ => { });
    private readonly MemoryServer _server = new(new VirtualTime());
    private readonly Func<IApiServer, OwnPods> _through;

    public OwnPodsTests() => _through = server => new OwnPods(server, _pods, new PodProjection(new TextPool()).Of);

    [Fact]
    public async Task A_pod_is_in_the_cache_as_soon_as_it_is_made()
    {
        await _through(_server).CreateAsync(Run, Pod(), default);

        var pod = Assert.Single(_pods.Of(Run));
        Assert.Equal(("r-train-a1-0", PodPhase.Pending), (pod.Name, pod.Phase));
        Assert.Equal((string?)_server.Find(ResourceType.Pods, pod.Name)!["metadata"]!["uid"], pod.Uid);
    }

    [Fact]
    public async Task A_pod_whose_answer_got_lost_is_asked_for_before_the_next_look()
    {
        var pods = _through(new LostAnswers(_server));
        await Assert.ThrowsAsync<IOException>(() => pods.CreateAsync(Run, Pod(), default));
        Assert.Empty(_pods.Of(Run));

        await pods.AskAsync(Run, default);

        Assert.Single(_pods.Of(Run));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_asked_for_too()
    {
        await _server.CreateAsync(ResourceType.Pods, Pod(), default);
        var pods = _through(_server);
        await Assert.ThrowsAsync<ApiServerException>(() => pods.CreateAsync(Run, Pod(), default));

        await pods.AskAsync(Run, default);

        Assert.Single(_pods.Of(Run));
    }

    [Fact]
    public async Task A_pod_of_a_stranger_is_not_taken_for_ours()
    {
        var stranger = Pod();
        stranger["metadata"]!["labels"] = new JsonObject { ["codeparrot.dev/run"] = "r" };
        await _server.CreateAsync(ResourceType.Pods, stranger, default);
        var pods = _through(_server);
        await Assert.ThrowsAsync<ApiServerException>(() => pods.CreateAsync(Run, Pod(), default));

        await pods.AskAsync(Run, default);

        Assert.Empty(_pods.All());
    }

    [Fact]
    public async Task A_question_that_fails_is_asked_again()
    {
        await _server.CreateAsync(ResourceType.Pods, Pod(), default);
        var pods = _through(_server);
        await Assert.ThrowsAsync<ApiServerException>(() => pods.CreateAsync(Run, Pod(), default));
        _server.Before = _ => throw new IOException("no route");
        await Assert.ThrowsAsync<IOException>(() => pods.AskAsync(Run, default));
        _server.Before = _ => Task.CompletedTask;

        await pods.AskAsync(Run, default);

        Assert.Single(_pods.Of(Run));
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, 0)]
    [InlineData(HttpStatusCode.UnprocessableEntity, 0)]
    [InlineData(HttpStatusCode.TooManyRequests, 0)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 1)]
    public async Task A_refusal_leaves_nothing_to_ask_for(HttpStatusCode status, int questions)
    {
        var pods = _through(_server);
        _server.Before = _ => throw new ApiServerException(status, "", "refused");
        await Assert.ThrowsAsync<ApiServerException>(() => pods.CreateAsync(Run, Pod(), default));
        var asked = 0;
        _server.Before = request =>
        {
            asked += request.StartsWith("get ", StringComparison.Ordinal) ? 1 : 0;
            return Task.CompletedTask;
        };

        await pods.AskAsync(Run, default);
        await pods.AskAsync(Run, default);

        Assert.Equal(questions, asked);
    }

    private static JsonObject Pod() =>
        JsonNode
            .Parse(
                """
                {
                  "apiVersion": "v1", "kind": "Pod",
                  "metadata": {
                    "namespace": "default", "name": "r-train-a1-0",
                    "labels": {
                      "app.kubernetes.io/managed-by": "codeparrot",
                      "codeparrot.dev/run": "r", "codeparrot.dev/stage": "train"
                    }
                  }
                }
                """
            )!
            .AsObject();

    private sealed class LostAnswers(IApiServer inner) : ApiServerFilter(inner)
    {
        protected override async Task<T> PassAsync<T>(
            ApiVerb verb,
            ResourceType type,
            Func<Task<T>> send,
            CancellationToken cancellationToken
        )
        {
            var answer = await send();
            return verb == ApiVerb.Create ? throw new IOException("the connection broke") : answer;
        }
    }
}
