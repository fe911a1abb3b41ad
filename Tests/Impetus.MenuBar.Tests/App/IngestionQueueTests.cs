using System.Collections.Concurrent;
using System.Globalization;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Impetus.MenuBar.Tests.App;

public sealed class IngestionQueueTests : IAsyncDisposable
{
    private readonly IDocumentIngestor _ingestor = Substitute.For<IDocumentIngestor>();
    private readonly IFileAccess _access = Substitute.For<IFileAccess>();
    private readonly INotifications _shown = Substitute.For<INotifications>();
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _added = new();
    private readonly Notifier _notifier;
    private readonly IngestionQueue _queue;
    private bool _running = true;
    private Ingested _outcome = new(1, [], Postponed: false);
    private IProgress<(int Done, int Total)>? _progress;
    private Func<CancellationToken, Task> _work = _ => Task.CompletedTask;

    public IngestionQueueTests()
    {
        _notifier = new(_shown, new Strings(new CultureInfo("en")), () => true, _time);
        _queue = new(() => _running ? _ingestor : null, _access, _notifier, _time);
        _ingestor.AddAsync(default!, default, default).ReturnsForAnyArgs(async call =>
        {
            _added.Enqueue(call.Arg<IngestionItem>().Title);
            _progress = call.Arg<IProgress<(int Done, int Total)>>();
            await _work(call.Arg<CancellationToken>());
            return _outcome;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        _notifier.Dispose();
    }

    [Fact]
    public async Task Documents_are_added_in_order_and_the_last_ones_are_remembered()
    {
        Assert.Empty(_queue.Add(Files("a.pdf", "b.md", "c.txt", "d.docx", "e.html", "f.csv", "b.md")));
        await _queue.Idle;
        Assert.Equal(["a.pdf", "b.md", "c.txt", "d.docx", "e.html", "f.csv", "b.md"], _added);
        Assert.Null(_queue.State.Ingestion);
        Assert.Equal(["b.md", "f.csv", "e.html", "d.docx", "c.txt"], _queue.State.Recent.Select(document => document.Title));
    }

    [Fact]
    public async Task What_will_never_be_read_is_refused_at_once_by_name()
    {
        var refusals = _queue.Add(
        [
            new IngestionItem.FromDisk("/Users/ada/cat.PNG"),
            new IngestionItem.FromWeb(new Uri("ftp://example.org/a")),
            new IngestionItem.FromText("  \n"),
            new IngestionItem.FromDisk("/Users/ada/Manuals/"),
            new IngestionItem.FromDisk("/Users/ada/Makefile"),
        ]);
        Assert.Equal(3, refusals.Count);
        Assert.StartsWith("cat.PNG", refusals[0], StringComparison.Ordinal);
        await _queue.Idle;
        Assert.Equal(["Manuals", "Makefile"], _added);
    }

    [Fact]
    public async Task Progress_tells_how_many_and_how_long()
    {
        var steps = new SemaphoreSlim(0);
        var begun = new SemaphoreSlim(0);
        _work = async cancel =>
        {
            begun.Release();
            await steps.WaitAsync(cancel);
        };
        _queue.Add(Files("a.md", "b.md", "c.md"));
        await begun.WaitAsync();
        Assert.Equal(new IngestionState(0, 3, null, false), _queue.State.Ingestion);
        _time.Advance(TimeSpan.FromSeconds(10));
        steps.Release();
        await begun.WaitAsync();
        Assert.Equal(new IngestionState(1, 3, TimeSpan.FromSeconds(20), false), _queue.State.Ingestion);
        _queue.Add(Files("d.md"));
        Assert.Equal(new IngestionState(1, 4, TimeSpan.FromSeconds(30), false), _queue.State.Ingestion);
        steps.Release(3);
        await _queue.Idle;
        Assert.Null(_queue.State.Ingestion);
    }

    [Fact]
    public async Task A_paused_queue_waits_between_documents_and_goes_on()
    {
        _queue.Pause(true);
        _queue.Add(Files("a.md"));
        Assert.True(_queue.State.Ingestion!.Paused);
        Assert.Empty(_added);
        _queue.Pause(false);
        await _queue.Idle;
        Assert.Equal(["a.md"], _added);
    }

    [Fact]
    public async Task A_cancelled_queue_drops_what_waits_even_while_paused_and_takes_new_documents()
    {
        _queue.Pause(true);
        _queue.Add(Files("a.md", "b.md"));
        _queue.Cancel();
        await _queue.Idle;
        Assert.Null(_queue.State.Ingestion);
        _queue.Add(Files("c.md"));
        _queue.Pause(false);
        await _queue.Idle;
        Assert.Equal(["c.md"], _added);
    }

    [Fact]
    public async Task Cancelling_reaches_the_document_at_work_and_is_no_failure()
    {
        var begun = new TaskCompletionSource();
        _work = cancel =>
        {
            begun.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancel);
        };
        _queue.Add(Files("a.md"));
        await begun.Task;
        _queue.Cancel();
        await _queue.Idle;
        _time.Advance(Notifier.Window * 2);
        _shown.DidNotReceiveWithAnyArgs().Show(default!);
    }

    [Fact]
    public async Task A_document_that_fails_is_said_and_the_next_one_has_its_turn()
    {
        _work = _ => _added.Count == 1 ? Task.FromException(new InvalidDataException("The file is encrypted.")) : Task.CompletedTask;
        _queue.Add(Files("a.pdf", "b.md"));
        await _queue.Idle;
        _time.Advance(Notifier.Window * 2);
        _shown.Received(1).Show(new("documents.failed", "1 Document Could Not Be Added", "a.pdf: The file is encrypted."));
        _shown.Received(1).Show(new("documents.added", "1 Document Added", ""));
    }

    [Fact]
    public async Task A_file_is_open_while_it_is_added_and_closed_after_a_failure_too()
    {
        var open = Substitute.For<IDisposable>();
        _access.Open("/Users/ada/a.md").Returns(open);
        bool closedEarly = false;
        _work = _ =>
        {
            closedEarly = open.ReceivedCalls().Any();
            return Task.FromException(new IOException("gone"));
        };
        _queue.Add(Files("a.md"));
        await _queue.Idle;
        Assert.False(closedEarly);
        open.Received(1).Dispose();
    }

    [Fact]
    public async Task A_folder_counts_as_what_it_holds_and_each_failure_in_it_is_said()
    {
        var steps = new SemaphoreSlim(0);
        var begun = new SemaphoreSlim(0);
        _work = async cancel =>
        {
            begun.Release();
            await steps.WaitAsync(cancel);
        };
        _outcome = new(10, ["a.pdf: encrypted", "b.pdf: damaged"], Postponed: false);
        _queue.Add(Files("Manuals", "z.md"));
        await begun.WaitAsync();
        _progress!.Report((3, 12));
        Assert.Equal(new IngestionState(3, 13, null, false), _queue.State.Ingestion);
        steps.Release();
        await begun.WaitAsync();
        Assert.Equal((12, 13), (_queue.State.Ingestion!.Done, _queue.State.Ingestion.Total));
        _outcome = new(1, [], Postponed: false);
        steps.Release();
        await _queue.Idle;
        _time.Advance(Notifier.Window * 2);
        _shown.Received(1).Show(new("documents.failed", "2 Documents Could Not Be Added", "a.pdf: encrypted\nb.pdf: damaged"));
        _shown.Received(1).Show(new("documents.added", "11 Documents Added", ""));
    }

    [Fact]
    public async Task Without_a_server_documents_wait_for_one()
    {
        _running = false;
        _queue.Add(Files("a.md"));
        Assert.True(_queue.State.Ingestion!.Paused);
        _running = true;
        _queue.Pause(false);
        await _queue.Idle;
        Assert.Equal(["a.md"], _added);
    }

    [Fact]
    public async Task Without_a_network_pages_wait_and_files_do_not()
    {
        _queue.Pause(false, offline: true);
        var file = new TaskCompletionSource();
        _work = _ =>
        {
            file.TrySetResult();
            return Task.CompletedTask;
        };
        _queue.Add([new IngestionItem.FromWeb(new Uri("https://example.org/a")), .. Files("a.md")]);
        await file.Task;
        Assert.Equal(["a.md"], _added);
        _queue.Pause(false, offline: false);
        await _queue.Idle;
        Assert.Equal(["a.md", "example.org/a"], _added);
    }

    [Fact]
    public async Task What_is_postponed_is_not_said_to_be_added()
    {
        _outcome = new(0, [], Postponed: true);
        _queue.Add(Files("a.md"));
        await _queue.Idle;
        _time.Advance(Notifier.Window * 2);
        _shown.DidNotReceiveWithAnyArgs().Show(default!);
        Assert.Empty(_queue.State.Recent);
    }

    [Fact]
    public async Task More_than_can_wait_are_refused()
    {
        _queue.Pause(true);
        var refusals = _queue.Add(Files([.. Enumerable.Range(0, IngestionQueue.MostWaiting + 2).Select(i => $"{i}.md")]));
        Assert.Equal(2, refusals.Count);
        Assert.Contains("10000", refusals[0], StringComparison.Ordinal);
        _queue.Cancel();
        await _queue.Idle;
    }

    [Fact]
    public void A_pasted_address_means_its_page_and_anything_else_is_text()
    {
        Assert.Equal(new IngestionItem.FromWeb(new Uri("https://example.org/a")), IngestionItem.FromPasted(" https://example.org/a\n"));
        Assert.IsType<IngestionItem.FromText>(IngestionItem.FromPasted("see https://example.org/a"));
        Assert.IsType<IngestionItem.FromText>(IngestionItem.FromPasted("file:///etc/passwd"));
    }

    [Fact]
    public void A_text_is_called_by_its_first_line()
    {
        Assert.Equal("Dear Ada,", new IngestionItem.FromText("\n Dear Ada, \nmore").Title);
        Assert.Equal(new string('x', 40) + "…", new IngestionItem.FromText(new string('x', 90)).Title);
        Assert.Equal("example.org/page", new IngestionItem.FromWeb(new Uri("https://example.org/page?q=1")).Title);
    }

    private static IEnumerable<IngestionItem> Files(params string[] names) => names.Select(name => new IngestionItem.FromDisk("/Users/ada/" + name));
}
