using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints;

/// <summary>
/// The claim of one attempt of one run on its prefix, held in <c>owner.json</c>. It is asked again before a manifest is
/// written, so that an attempt, or a replaced pod, that was given up but still lives never overwrites what its
/// successor makes.
/// </summary>
public sealed class RunOwnership
{
    private const int MaxTries = 10;

    private readonly IObjectStore _store;

    private RunOwnership(IObjectStore store, RunLocation run, RunOwner self)
    {
        _store = store;
        Run = run;
        Self = self;
    }

    /// <summary>Gets where the run stands.</summary>
    public RunLocation Run { get; }

    /// <summary>Gets who claims it.</summary>
    public RunOwner Self { get; }

    /// <summary>Claims the run's prefix. Claiming again with the same attempt changes nothing.</summary>
    /// <param name="store">The run's store.</param>
    /// <param name="run">The run.</param>
    /// <param name="self">UID and attempt of the claimer.</param>
    /// <param name="adopt">True takes over what a run of another UID left.</param>
    /// <param name="cancellationToken">Stops the claim.</param>
    /// <exception cref="StoreInUseException">
    /// Another run owns the prefix, and <paramref name="adopt"/> is false.
    /// </exception>
    /// <exception cref="SupersededException">A newer attempt or generation of the same run owns it.</exception>
    public static async Task<RunOwnership> ClaimAsync(
        IObjectStore store,
        RunLocation run,
        RunOwner self,
        bool adopt = false,
        CancellationToken cancellationToken = default
    )
    {
        for (var tryIndex = 1; ; tryIndex++)
        {
            var found = await store.FindAsync(run.OwnerKey, cancellationToken);
            var owner = found is null ? null : await ReadAsync(store, run, cancellationToken);
            if (owner == self)
            {
                return new RunOwnership(store, run, self);
            }
            if (owner is not null && owner.RunUid != self.RunUid && !adopt)
            {
                throw new StoreInUseException(run.OwnerKey, owner.RunUid, self.RunUid);
            }
            if (owner is not null && owner.RunUid == self.RunUid && IsNewer(owner, self))
            {
                throw Superseded(run, self, owner);
            }
            try
            {
                var condition = found is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(found.ETag);
                await store.WriteJsonAsync(run.OwnerKey, self, ContractJson.Indented, condition, cancellationToken);
                return new RunOwnership(store, run, self);
            }
            catch (PreconditionFailedException) when (tryIndex < MaxTries)
            {
                // Another claimer was first; who that was decides anew.
            }
        }
    }

    /// <summary>Returns if the claim still stands.</summary>
    /// <exception cref="SupersededException">It does not.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken = default)
    {
        var owner = await ReadAsync(_store, Run, cancellationToken);
        if (owner != Self)
        {
            throw Superseded(Run, Self, owner);
        }
    }

    private static SupersededException Superseded(RunLocation run, RunOwner self, RunOwner? owner) =>
        new(run.OwnerKey, Describe(self), owner is null ? "nobody: the run was deleted" : Describe(owner));

    private static bool IsNewer(RunOwner owner, RunOwner self) =>
        (owner.Attempt, owner.Generation).CompareTo((self.Attempt, self.Generation)) > 0;

    private static string Describe(RunOwner owner) =>
        $"attempt {owner.Attempt}{(owner.Generation > 0 ? $", generation {owner.Generation}," : "")} of run UID "
        + owner.RunUid;

    private static async Task<RunOwner?> ReadAsync(IObjectStore store, RunLocation run, CancellationToken cancellation)
    {
        try
        {
            return await store.ReadJsonAsync<RunOwner>(run.OwnerKey, ContractJson.Indented, cancellation);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }
}
