using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Progress;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Tests.Progress;

public class ProgressReaderTests
{
    private static readonly RunKey Key = new("default", "r");
    private readonly List<RunKey> _changed = [];
    private readonly Answers _answers = new();
    private readonly Store<RunRecord> _runs = new(_ => { });
    private readonly Store<PodObservation> _pods = new(_ => { });

    [Fact]
    public async Task A_run_is_looked_at_for_news_and_not_for_numbers()
    {
        var reader = Create();
        var checkpoint = new CheckpointSummary("c1", "b1", 10, 1, null, 1, "d", DateTimeOffset.UnixEpoch);
        RunProgress[] answers =
        [
            Answer(0),
            Answer(0),
            Answer(1),
            Answer(2),
            Answer(3) with
            {
                Checkpoint = checkpoint,
            },
            Answer(4) with
            {
                Checkpoint = checkpoint,
            },
            Answer(5) with
            {
                Checkpoint = checkpoint,
                ServedRequest = new ServedRequest("now", "b1/c1"),
            },
            Answer(5) with
            {
                Checkpoint = checkpoint,
                ServedRequest = new ServedRequest("now", "b1/c1"),
                Stored = ["b1/c1"],
            },
        ];

        var news = new List<int>();
        foreach (var answer in answers)
        {
            _answers.Next = answer;
            await reader.ReadAllAsync(default);
            news.Add(_changed.Count);
        }

        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 5], news);
        Assert.Equal(5, reader.Of(Key)?.Step);
    }

    [Fact]
    public async Task An_open_request_for_a_checkpoint_goes_with_the_question_until_the_status_has_its_answer()
    {
        var reader = Create("now");
        await reader.ReadAllAsync(default);
        Create("now", new CheckpointRequestStatus("now", "b1/c1", "CheckpointTaken", DateTimeOffset.UnixEpoch));
        await reader.ReadAllAsync(default);

        Assert.Equal([new CheckpointRequest("now", 1), null], _answers.Requests);
    }

    [Theory]
    [InlineData("another", 1)]
    [InlineData("run-uid", 2)]
    public async Task An_answer_of_another_run_or_attempt_is_dropped(string uid, int attempt)
    {
        var reader = Create();
        _answers.Next = Answer(5) with { RunUid = uid, Attempt = attempt };

        await reader.ReadAllAsync(default);

        Assert.Null(reader.Of(Key));
        Assert.Empty(_changed);
    }

    [Fact]
    public async Task What_is_known_of_a_run_goes_with_it_and_only_its_first_living_pod_is_asked()
    {
        var reader = Create();
        _answers.Next = Answer(5);
        await reader.ReadAllAsync(default);
        Assert.Equal(["r-train-a1-0"], _answers.Asked);

        _runs.Remove(new ObjectKey("default", "r"), "");
        await reader.ReadAllAsync(default);

        Assert.Null(reader.Of(Key));
        Assert.Single(_answers.Asked);
    }

    private ProgressReader Create(string request = "", CheckpointRequestStatus? answered = null)
    {
        var status = new RunStatus
        {
            Attempt = 1,
            Stage = StageNames.Train,
            Attempts = [new AttemptStatus { Number = 1 }],
            Conditions = [new RunCondition(ConditionTypes.Accepted, "True", "Valid", "", 1, DateTimeOffset.UnixEpoch)],
            CheckpointRequest = answered,
        };
        var run = new TrainingRun
        {
            Metadata = new ObjectMetadata { Name = "r", Uid = "run-uid" },
            Spec = new RunSpec { Checkpoints = new CheckpointsSpec { RequestNonce = request } },
            Status = status,
        };
        _runs.Set(new(new ObjectKey("default", "r"), Key, "1", new RunRecord("run-uid", run, "")));
        for (var i = 0; i < 2; i++)
        {
            var pod = new PodObservation
            {
                Name = $"r-train-a1-{i}",
                RunUid = "run-uid",
                Stage = StageNames.Train,
                Attempt = 1,
                PodIndex = i,
                Phase = PodPhase.Running,
                Address = "10.0.0.1",
            };
            _pods.Set(new(new ObjectKey("default", pod.Name), Key, "1", pod));
        }

        return new ProgressReader(_answers, _runs, _pods, _changed.Add, Loops.Options, new VirtualTime());
    }

    private static RunProgress Answer(long step) =>
        new()
        {
            RunUid = "run-uid",
            Attempt = 1,
            Stage = StageNames.Train,
            Step = step,
        };

    private sealed class Answers : IProgressSource
    {
        public RunProgress? Next { get; set; }

        public List<string> Asked { get; } = [];

        public List<CheckpointRequest?> Requests { get; } = [];

        public Task<RunProgress?> ReadAsync(
            PodObservation pod,
            CheckpointRequest? request,
            CancellationToken cancellationToken
        )
        {
            Requests.Add(request);
            Asked.Add(pod.Name);
            return Task.FromResult(Next);
        }
    }
}
