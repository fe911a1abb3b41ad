using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.App;

/// <summary>A page of the welcome, as data.</summary>
/// <param name="Title">A few words.</param>
/// <param name="Text">A few sentences.</param>
internal sealed record WelcomePage(string Title, string Text)
{
    /// <summary>Models to choose from; empty on other pages.</summary>
    public IReadOnlyList<WelcomeChoice> Choices { get; init; } = [];

    /// <summary>A question to try; null on other pages.</summary>
    public string? Question { get; init; }

    /// <summary>On the button that goes on.</summary>
    public required string Next { get; init; }

    /// <summary>On the button that ends the welcome early; null on the last page.</summary>
    public string? Skip { get; init; }
}

/// <param name="Id">Of the model.</param>
/// <param name="Title">Name and size.</param>
/// <param name="Fits">Whether it can be chosen.</param>
/// <param name="Chosen">Whether it is.</param>
/// <param name="Why">Why it cannot be chosen; null if it can.</param>
internal sealed record WelcomeChoice(string Id, string Title, bool Fits, bool Chosen, string? Why);

/// <summary>What is said at the first start: what this is, where data lives, a model that fits, a first question. It can be left at any time.</summary>
internal sealed class Welcome(Func<AppState> state, string dataFolder, Strings strings, Func<MenuCommand, Task> perform)
{
    private string? _chosen;

    /// <summary>Which page is shown, from 0; <see cref="PageCount"/> when it is over.</summary>
    public int Page { get; private set; }

    public const int PageCount = 4;

    public bool IsOver => Page >= PageCount;

    /// <summary>What the page shows now.</summary>
    /// <exception cref="InvalidOperationException">The welcome is over.</exception>
    public WelcomePage Current => Page switch
    {
        0 => new(strings.WelcomeTitle, strings.WelcomeText) { Next = strings.Continue, Skip = strings.Skip },
        1 => new(strings.WelcomeData, strings.WelcomeDataText(dataFolder)) { Next = strings.Continue, Skip = strings.Skip },
        2 => new(strings.WelcomeModel, strings.WelcomeModelText) { Next = strings.Continue, Skip = strings.Skip, Choices = Choices() },
        3 => new(strings.WelcomeQuestion, strings.WelcomeQuestionText) { Next = strings.Ask, Skip = strings.Done, Question = strings.FirstQuestion },
        _ => throw new InvalidOperationException("The welcome is over."),
    };

    /// <summary>Chooses a model on its page. One that does not fit cannot be.</summary>
    public void Choose(string id)
    {
        if (Choices().Any(choice => choice.Id == id && choice.Fits))
            _chosen = id;
    }

    /// <summary>Goes on, and does what the page is for.</summary>
    public async Task NextAsync()
    {
        int left = Page++;
        if (left == 2 && _chosen is { } id && !IsServed(id))
            await perform(new MenuCommand.SwitchModel(id));
        if (left == 3)
            await perform(new MenuCommand.AskQuestion(strings.FirstQuestion));
    }

    /// <summary>Leaves the welcome.</summary>
    public void Skip() => Page = PageCount;

    private bool IsServed(string id) => state().Models.Any(model => model.Id == id && IsServed(model));

    private static bool IsServed(ModelState model) => model.Chosen && model.Activity is ModelActivity.Ready or ModelActivity.Loading;

    private List<WelcomeChoice> Choices()
    {
        var models = state().Models;
        string? chosen = _chosen ?? models.FirstOrDefault(model => model.Chosen && model.Fit.Fits)?.Id
            ?? models.FirstOrDefault(model => model.Fit.Fits)?.Id;
        return [.. models.Select(model => new WelcomeChoice(
            model.Id,
            strings.ModelAndSize(model.Name, model.SizeBytes),
            model.Fit.Fits,
            model.Id == chosen,
            model.Fit.Fits ? null : strings.DoesNotFit(model.Fit)))];
    }
}
