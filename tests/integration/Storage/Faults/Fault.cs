namespace CodeParrot.Integration.Tests.Storage.Faults;

/// <summary>What the proxy does to one exchange instead of passing it on.</summary>
public abstract record Fault
{
    private Fault() { }

    /// <summary>Answers by itself.</summary>
    public sealed record Answer(string Status, string ContentType, string Body) : Fault;

    /// <summary>Passes so many bytes of the answer's body, then resets the connection.</summary>
    public sealed record ResetAnswer(int AfterBytes) : Fault;

    /// <summary>Passes so many bytes of the answer's body, then closes as if that were all.</summary>
    public sealed record TruncateAnswer(int AfterBytes) : Fault;

    /// <summary>Passes so many bytes of the answer's body, then nothing more.</summary>
    public sealed record StallAnswer(int AfterBytes) : Fault;

    /// <summary>Flips a bit of the answer's body.</summary>
    public sealed record FlipAnswer(int AtByte) : Fault;

    /// <summary>Flips a bit of the request's body.</summary>
    public sealed record FlipRequest(int AtByte) : Fault;

    /// <summary>Reads so many bytes of the request's body, then resets the connection.</summary>
    public sealed record ResetRequest(int AfterBytes) : Fault;

    /// <summary>Takes the request and never answers.</summary>
    public sealed record Silence : Fault;

    /// <summary>Lets the server do it, then resets the connection without the answer.</summary>
    public sealed record LoseAnswer : Fault;
}
