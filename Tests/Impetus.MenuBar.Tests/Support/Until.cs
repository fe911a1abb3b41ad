namespace Impetus.MenuBar.Tests.Support;

/// <summary>Waits for a state by listening, never by sleeping.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<bool> condition, Action<Action> subscribe, Action<Action> unsubscribe)
    {
        var happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (condition())
                happened.TrySetResult();
        }

        subscribe(Look);
        Look();
        await happened.Task.WaitAsync(Patience);
        unsubscribe(Look);
    }
}
