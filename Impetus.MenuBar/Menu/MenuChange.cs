namespace Impetus.MenuBar.Menu;

/// <summary>A step from the menu that is shown to the menu that is wanted; steps are taken in order.</summary>
/// <param name="Index">Where, counted when the step is taken.</param>
internal abstract record MenuChange(int Index)
{
    internal sealed record Insert(int Index, MenuEntry Entry) : MenuChange(Index);

    internal sealed record Remove(int Index) : MenuChange(Index);

    /// <summary>The item stays where it is and says something else; its submenu is compared by itself.</summary>
    internal sealed record Update(int Index, MenuItem Item) : MenuChange(Index);

    /// <summary>
    /// The steps. Items are the same by their id, and as many as possible stay, so that they keep their places under the pointer while the menu
    /// is open (a longest common subsequence).
    /// </summary>
    public static IReadOnlyList<MenuChange> Between(IReadOnlyList<MenuEntry> shown, IReadOnlyList<MenuEntry> wanted)
    {
        int[,] worth = Worth(shown, wanted);
        var steps = new List<MenuChange>();
        for (int i = 0, j = 0, at = 0; i < shown.Count || j < wanted.Count;)
        {
            if (i < shown.Count && j < wanted.Count && Same(shown[i], wanted[j]) && worth[i, j] == worth[i + 1, j + 1] + Weight(shown[i]))
            {
                if (wanted[j] is MenuItem item && !item.Equals(shown[i]))
                    steps.Add(new Update(at, item));
                (i, j, at) = (i + 1, j + 1, at + 1);
            }
            else if (j == wanted.Count || (i < shown.Count && worth[i + 1, j] >= worth[i, j + 1]))
            {
                steps.Add(new Remove(at));
                i++;
            }
            else
            {
                steps.Add(new Insert(at++, wanted[j++]));
            }
        }

        return steps;
    }

    /// <summary>What can stay of all from i and j on.</summary>
    private static int[,] Worth(IReadOnlyList<MenuEntry> shown, IReadOnlyList<MenuEntry> wanted)
    {
        int[,] worth = new int[shown.Count + 1, wanted.Count + 1];
        for (int i = shown.Count - 1; i >= 0; i--)
        {
            for (int j = wanted.Count - 1; j >= 0; j--)
            {
                int best = Math.Max(worth[i + 1, j], worth[i, j + 1]);
                worth[i, j] = Same(shown[i], wanted[j]) ? Math.Max(best, worth[i + 1, j + 1] + Weight(shown[i])) : best;
            }
        }

        return worth;
    }

    // No number of lines is worth an item.
    private static int Weight(MenuEntry entry) => entry is MenuItem ? 1_000 : 1;

    private static bool Same(MenuEntry one, MenuEntry other) => (one, other) switch
    {
        // A text cannot become a submenu in place.
        (MenuItem a, MenuItem b) => a.Id == b.Id && a.Children.Count > 0 == b.Children.Count > 0,
        (MenuSeparator, MenuSeparator) => true,
        _ => false,
    };
}
