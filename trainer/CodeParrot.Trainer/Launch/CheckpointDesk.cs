using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Launch;

/// <summary>
/// Takes requests for a checkpoint at the pod's door, and hands each to rank 0, once. A pod without rank 0 takes none:
/// two ranks with requests of their own could not say whose a checkpoint was.
/// </summary>
/// <param name="runUid">UID of the pod's run; empty for none.</param>
/// <param name="tell">Hands a value to rank 0; false where there is none yet, or none any more.</param>
internal sealed class CheckpointDesk(string runUid, Func<string, bool> tell)
{
    private readonly Lock _lock = new();
    private string _told = "";

    /// <summary>Takes what a question for progress carries.</summary>
    /// <param name="run">UID of the run that is meant.</param>
    /// <param name="nonce">The request; empty for none.</param>
    public void Ask(string run, string nonce)
    {
        if (nonce.Length is 0 or > ProgressQuery.MaxNonceLength || run != runUid)
        {
            return;
        }

        lock (_lock)
        {
            // Whoever asks does so until it hears of a checkpoint.
            if (nonce != _told && tell(nonce))
            {
                _told = nonce;
            }
        }
    }
}
