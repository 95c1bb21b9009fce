using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.Faults;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>One process's way to the server: requests take time, and go wrong as the seed draws it.</summary>
/// <param name="server">The server.</param>
/// <param name="process">The process that sends; dead or paused, its requests are carried out all the same.</param>
/// <param name="isAllowed">Says whether its role allows a verb on a type.</param>
internal sealed class ApiClient(
    SimulatedApiServer server,
    SimulatedProcess process,
    Func<string, ResourceType, bool> isAllowed
) : IApiServer
{
    public Task<ListPage> ListAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string continueToken,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            "list",
            type,
            null,
            () => server.List(new WatchFilter(type, ns, labelSelector), continueToken),
            cancellationToken
        );

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string resourceVersion,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var filter = new WatchFilter(type, ns, labelSelector);
        var watcher = await SendAsync(
            "watch",
            type,
            null,
            () => server.Watch(process, filter, resourceVersion),
            cancellationToken
        );
        try
        {
            while (await watcher.NextAsync(cancellationToken) is { } told)
            {
                yield return told;
            }
        }
        finally
        {
            watcher.Close();
        }
    }

    public Task<JsonObject?> GetAsync(
        ResourceType type,
        string? ns,
        string name,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            "get",
            type,
            null,
            () => server.Store.Find(new ObjectKey(type, ns ?? "", name)) is { } found ? Copy(found) : null,
            cancellationToken
        );

    public Task<JsonObject> CreateAsync(ResourceType type, JsonObject body, CancellationToken cancellationToken)
    {
        var write = Write("create", ObjectKey.Of(type, body), "", (JsonObject)body.DeepClone(), "");
        return SendAsync("create", type, write, () => Copy(server.Writer.Create(type, write.Body!)), cancellationToken);
    }

    public Task<JsonObject> ReplaceAsync(
        ResourceType type,
        JsonObject body,
        string subresource,
        CancellationToken cancellationToken
    )
    {
        var write = Write("update", ObjectKey.Of(type, body), subresource, (JsonObject)body.DeepClone(), "");
        return SendAsync(
            "update",
            type,
            write,
            () => Copy(server.Writer.Replace(type, write.Body!, subresource)),
            cancellationToken
        );
    }

    public Task<JsonObject> PatchAsync(
        ResourceType type,
        string? ns,
        string name,
        JsonObject mergePatch,
        CancellationToken cancellationToken
    )
    {
        var write = Write("patch", new ObjectKey(type, ns ?? "", name), "", (JsonObject)mergePatch.DeepClone(), "");
        return SendAsync(
            "patch",
            type,
            write,
            () => Copy(server.Writer.Patch(write.Key, write.Body!)),
            cancellationToken
        );
    }

    public Task DeleteAsync(
        ResourceType type,
        string? ns,
        string name,
        string uid,
        TimeSpan? grace,
        CancellationToken cancellationToken
    )
    {
        var write = Write("delete", new ObjectKey(type, ns ?? "", name), "", null, uid);
        return SendAsync(
            "delete",
            type,
            write,
            () =>
            {
                server.Writer.Delete(write.Key, uid, grace);
                return true;
            },
            cancellationToken
        );
    }

    // As it comes from the wire: numbers are of no particular type.
    private static JsonObject Copy(StoredObject stored) => JsonObject.Create(stored.Watched)!;

    private WriteAttempt Write(string verb, ObjectKey key, string subresource, JsonObject? body, string uid) =>
        new(process, verb, key, subresource, body, uid, server.Scheduler.Now);

    private Task<T> SendAsync<T>(
        string verb,
        ResourceType type,
        WriteAttempt? write,
        Func<T> effect,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var fate = server.Faults.RequestFate(write is not null);
        if (write is not null)
        {
            server.Scheduler.Tell(process.Name, fate == RequestFate.Served ? $"{write}" : $"{write} ({fate})");
            server.WriteBegins(write);
        }

        var answer = new TaskCompletionSource<T>();
        if (fate == RequestFate.CrashBefore)
        {
            process.Kill();
            return answer.Task;
        }

        server.Scheduler.After(server.Faults.Latency(), () => Arrive(verb, type, write, effect, fate, answer));
        return cancellationToken.CanBeCanceled ? answer.Task.WaitAsync(cancellationToken) : answer.Task;
    }

    private void Arrive<T>(
        string verb,
        ResourceType type,
        WriteAttempt? write,
        Func<T> effect,
        RequestFate fate,
        TaskCompletionSource<T> answer
    )
    {
        Action reply;
        if (RequestFaults.Refusal(fate) is { } refusal)
        {
            reply = () => answer.TrySetException(refusal);
        }
        else
        {
            reply = CarryOut(verb, type, write, effect, answer);
            if (fate == RequestFate.CrashAfter)
            {
                process.Kill();
            }

            if (RequestFaults.LostAnswer(fate) is { } lost)
            {
                reply = () => answer.TrySetException(lost);
            }
        }

        server.Scheduler.After(server.Faults.Latency(), reply);
    }

    private Action CarryOut<T>(
        string verb,
        ResourceType type,
        WriteAttempt? write,
        Func<T> effect,
        TaskCompletionSource<T> answer
    )
    {
        try
        {
            if (!isAllowed(verb, type))
            {
                throw Refusals.Forbidden(type, verb);
            }

            var result = effect();
            if (write is not null)
            {
                server.WriteDone(write);
            }

            return () => answer.TrySetResult(result);
        }
        catch (ApiServerException e)
        {
            server.Scheduler.Tell(
                "server",
                $"{write?.ToString() ?? verb} of {process.Name}: {(int)e.Status} {e.Reason}"
            );
            return () => answer.TrySetException(e);
        }
    }
}
